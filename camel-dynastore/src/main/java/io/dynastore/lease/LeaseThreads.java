/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The threads of the locks of one client. All are daemons, and end after a minute without work.
 *
 * <p>One thread for all clients in this JVM wakes leases up and does nothing else, so that a deadline passes in time
 * whatever the network does. Each client has a thread that sends requests, because the client may have to fetch
 * credentials for them: if that is slow, the leases of other clients don't wait. Listeners run on neither.
 */
final class LeaseThreads implements LeaseTimer {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.lease.Locks");

    private static final Map<DynamoDbAsyncClient, LeaseThreads> BY_CLIENT = new WeakHashMap<>();

    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> daemon(task, "dynastore-lease-sender"));

    private LeaseThreads(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
        sender.allowCoreThreadTimeOut(true);
    }

    /** Created with the first lock. */
    private static final class Shared {
        static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, LeaseThreads::waker);

        static {
            TIMER.setRemoveOnCancelPolicy(true);
            TIMER.setKeepAliveTime(1, TimeUnit.MINUTES);
            TIMER.allowCoreThreadTimeOut(true);
        }
    }

    /** The threads of all locks that use this client. */
    static LeaseTimer of(DynamoDbAsyncClient client) {
        synchronized (BY_CLIENT) {
            return BY_CLIENT.computeIfAbsent(client, first -> new LeaseThreads(Shared.TIMER));
        }
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

    /** Runs a caller's code. If the executor fails to run it, it runs here, since a caller may wait for it. */
    static void hand(Executor executor, Runnable task) {
        try {
            executor.execute(() -> guarded(task));
        } catch (RuntimeException | Error e) {
            LOG.debug("The executor for locks is shut down, or fails", e);
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
