/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

/** A measured implementation: one way to use DynamoDB. Thread safe. */
interface Subject extends AutoCloseable {

    /** Notified when an operation is done, on any thread, possibly before {@link Subject#start} returns. */
    interface Done {

        /**
         * The operation is done.
         *
         * @param inline whether this call is within the call that started the operation
         */
        void done(boolean inline);
    }

    /**
     * Starts an operation on an item.
     *
     * @param item the number of the item
     * @param done notified at the end
     */
    void start(BenchmarkOperation operation, int item, Done done) throws Exception;

    /** Whether {@link #start} returns only when the operation is done: then each operation in flight needs a thread. */
    boolean blocks();

    @Override
    void close();
}
