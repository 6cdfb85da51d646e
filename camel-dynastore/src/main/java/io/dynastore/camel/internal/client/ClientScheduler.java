/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a client of the SDK schedules its time-outs, two for each request, and its retries.
 *
 * <p>The scheduler that the SDK makes for itself (2.54.13) keeps a time-out that is no longer needed until its time has come, so
 * that ten thousand requests a second leave some four hundred thousand of them behind, and its threads wake up for each. This one
 * forgets a time-out with its request. And its first entry is never a time-out, but its own pulse: the executor wakes up a thread whenever an
 * entry becomes the first, which would be each request when few are under way.
 */
final class ClientScheduler {

    /** They send requests again as well. */
    private static final int THREADS = 2;

    /** Shorter than any time-out that makes sense. */
    private static final long PULSE_MILLIS = 500;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private ClientScheduler() {}

    /** Starts one, with daemon threads. It has to be shut down after its client is closed. */
    static ScheduledExecutorService start() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "dynastore-client-timer-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        ScheduledFuture<?> unused =
                timer.scheduleAtFixedRate(() -> {}, PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
        return timer;
    }
}
