/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The poller that all polling consumers of an endpoint share. Made when the first of them needs it. Thread safe. */
public final class SharedPoller {

    private final Callable<ConsumerContext> source;
    private @Nullable SingleItemPoller poller;

    /**
     * Makes nothing yet.
     *
     * @param source makes the context of the poller; called again if it has failed
     */
    public SharedPoller(Callable<ConsumerContext> source) {
        this.source = source;
    }

    /** The poller; fails as its source fails. */
    public synchronized SingleItemPoller get() throws Exception {
        SingleItemPoller shared = poller;
        if (shared == null) {
            shared = new SingleItemPoller(source.call());
            poller = shared;
        }
        return shared;
    }
}
