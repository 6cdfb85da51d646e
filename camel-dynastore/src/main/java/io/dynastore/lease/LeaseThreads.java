/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of all locks in this JVM: two daemons, started with the first lock.
 *
 * <p>One wakes leases up and does nothing else, so that a deadline passes in time whatever the network does. The other
 * sends requests, because an SDK client may have to fetch credentials for them. Listeners run on neither.
 */
final class LeaseThreads implements LeaseTimer {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.lease.Locks");

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, LeaseThreads::waker);
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> daemon(task, "dynastore-lease-sender"));

    private LeaseThreads() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true);
        sender.allowCoreThreadTimeOut(true);
    }

    /** Created with the first lock. */
    private static final class Shared {
        static final LeaseThreads INSTANCE = new LeaseThreads();
    }

    static LeaseTimer shared() {
        return Shared.INSTANCE;
    }

    @Override
    public Wakeup after(long nanos, Runnable task) {
        Future<?> waiting = timer.schedule(() -> guarded(task), nanos, TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    @Override
    public void send(Runnable task) {
        sender.execute(() -> guarded(task));
    }

    /** Runs a caller's code. If the executor rejects it, it runs on this thread, since a caller may wait for it. */
    static void hand(Executor executor, Runnable task) {
        try {
            executor.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("The executor for locks is shut down", e);
            guarded(task);
        }
    }

    /** The outermost frame: an error must not end the thread, and must be logged. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A listener or a task of a lock has failed", e);
        }
    }

    private static Thread waker(Runnable task) {
        return daemon(task, "dynastore-lease-timer");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
