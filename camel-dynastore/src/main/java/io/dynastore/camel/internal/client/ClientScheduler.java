/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The scheduler of a client: for its time-outs, two for each request, for its retries, and to read large responses.
 *
 * <p>The SDK's own scheduler (2.54.13) keeps a cancelled time-out until its time has come. At ten thousand requests a
 * second it holds some four hundred thousand of them, and its threads wake up for each. This one removes a time-out
 * when it is cancelled.
 *
 * <p>Its first entry is never a time-out, but a pulse of its own. The executor wakes up a thread whenever a new entry
 * becomes the first. Without the pulse each request would do so while few are in flight.
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
final class ClientScheduler {

    /** They also send the retries, and read large responses: a page of 100 KB takes a tenth of a millisecond. */
    private static final int THREADS = 2;

    /** Shorter than any useful time-out, so that no time-out becomes the first entry. */
    private static final long PULSE_MILLIS = 500;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private ClientScheduler() {}

    /** Starts a scheduler with daemon threads. The caller shuts it down after it closes the client. */
    static ScheduledExecutorService start() {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "dynastore-client-timer-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRemoveOnCancelPolicy(true);
        ScheduledFuture<?> unused =
                scheduler.scheduleAtFixedRate(() -> {}, PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
        return scheduler;
    }
}
