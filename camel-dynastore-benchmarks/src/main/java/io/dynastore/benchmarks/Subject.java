/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

/** What is measured: a way to speak to DynamoDB. Thread safe. */
interface Subject extends AutoCloseable {

    /** Told when a step is done, on any thread, perhaps before its start returns. */
    interface Done {

        /**
         * The step is done.
         *
         * @param inline whether this is told within the call that started the step
         */
        void done(boolean inline);
    }

    /**
     * Starts a step on an item.
     *
     * @param item its number
     */
    void start(Step step, int item, Done done) throws Exception;

    /** Whether a start returns only when its step is done, so that each step in flight takes a thread. */
    boolean blocks();

    @Override
    void close();
}
