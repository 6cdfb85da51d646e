/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the events of one view on one thread, in their order, from the start of the view until it leaves. An error ends
 * the event that failed and nothing else. Thread safe.
 */
final class EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private final ScheduledExecutorService thread;
    private final String namespace;
    private volatile boolean leaving;

    /** An event loop on this thread, which the caller shuts down. */
    EventLoop(ScheduledExecutorService thread, String namespace) {
        this.thread = thread;
        this.namespace = namespace;
    }

    /** Runs an event as soon as possible: on the thread, or on that of the caller if the view leaves. */
    void soon(Runnable event) {
        try {
            if (!leaving) {
                thread.execute(guarded(event));
                return;
            }
        } catch (RejectedExecutionException e) {
            // The view has left since: see below.
        }
        guarded(event).run();
    }

    /** Runs an event after this time, unless the view leaves before. */
    void later(Duration delay, Runnable event) {
        if (!leaving) {
            var unused = thread.schedule(guarded(event), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Runs an event now, and again and again with this time between, until the thread is shut down. */
    void repeatedly(Duration period, Runnable event) {
        var unused = thread.scheduleWithFixedDelay(guarded(event), 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the view leaves, or has left. */
    boolean leaving() {
        return leaving;
    }

    /** Starts to leave: this event is the last. Does nothing if the view leaves already. */
    synchronized void leave(Runnable last) {
        if (!leaving) {
            leaving = true;
            var unused = thread.submit(guarded(last));
        }
    }

    ExecutorService thread() {
        return thread;
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("Cluster {}: an event has failed, and is ignored", namespace, e);
            }
        };
    }
}
