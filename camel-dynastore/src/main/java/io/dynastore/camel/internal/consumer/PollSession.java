/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import org.jspecify.annotations.Nullable;

/** The work of a consumer from its start to its stop. */
public interface PollSession {

    /** False if the last poll delivered items and all of them failed. Then a greedy consumer would never pause. */
    boolean progressed();

    /**
     * Runs this, unless a poll is running: a scheduler may have several threads, and a second poll would redeliver
     * items in flight.
     */
    void runAlone(Runnable poll);

    /**
     * Polls once.
     *
     * @param limit the largest number of items; no limit if 0 or less
     * @return the number of delivered items
     */
    int poll(int limit) throws Exception;

    /** Cancels the reads in flight. They end the poll, once the items in flight are done. */
    void cancelReads();

    /** The consumer was suspended. */
    default void suspended() {}

    /** The consumer was resumed. */
    default void resumed() {}

    /** Abandons a poll that has not ended by now. */
    void stop();

    /** The queue of a consumer that claims; null for any other. */
    default @Nullable QueueMonitor queue() {
        return null;
    }

    /** Ends the threads. */
    void close();
}
