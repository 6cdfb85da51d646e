/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The poller that all polling consumers of an endpoint share. Made when the first of them needs it. Thread safe. */
public final class SharedPoller {

    private final Callable<ItemPoller> source;
    private @Nullable ItemPoller poller;

    /**
     * Makes nothing yet.
     *
     * @param source makes the poller; called again if it has failed
     */
    public SharedPoller(Callable<ItemPoller> source) {
        this.source = source;
    }

    /** The poller; fails as its source fails. */
    public synchronized ItemPoller get() throws Exception {
        ItemPoller shared = poller;
        if (shared == null) {
            shared = source.call();
            poller = shared;
        }
        return shared;
    }

    /** The endpoint stops. */
    public synchronized void close() {
        if (poller != null) {
            poller.close();
            poller = null;
        }
    }
}
