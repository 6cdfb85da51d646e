/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Gives pollEnrich one item at a time. Thread safe. */
public interface ItemPoller {

    /**
     * Takes the next item.
     *
     * @param exchange receives the item
     * @param owner settles the item at its end
     * @param patience how long to wait for the requests
     * @return whether there is an item; false if the time is over
     */
    boolean take(Exchange exchange, Exchange owner, Patience patience) throws Exception;

    /** Waits until an item is settled, this time has passed, or the patience is over. */
    void awaitSettled(long millis, Patience patience) throws InterruptedException;

    /** The queue of a poller that claims; null for any other. */
    default @Nullable QueueMonitor queue() {
        return null;
    }

    /** No further item is taken. Those that exchanges have are settled all the same. */
    default void close() {}
}
