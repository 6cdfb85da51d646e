/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the pending acquires of one {@link Locks}, and releases its leases, a limited number at a time. Thread safe. */
final class LocksShutdown {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.lease.Locks");

    private static final int RELEASES_AT_A_TIME = 32;

    private final LockContext context;
    private final PendingAcquires pendingAcquires;

    LocksShutdown(LockContext context, PendingAcquires pendingAcquires) {
        this.context = context;
        this.pendingAcquires = pendingAcquires;
    }

    /** Shuts several down at the same time, and waits for all of them together. */
    static void awaitAll(Collection<LocksShutdown> all, Duration timeout) {
        Map<LocksShutdown, CompletableFuture<Void>> ends = new HashMap<>();
        all.forEach(shutdown -> ends.put(shutdown, shutdown.begin()));
        try {
            CompletableFuture.allOf(ends.values().toArray(CompletableFuture<?>[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            ends.forEach((shutdown, end) -> shutdown.warnUnlessDone(end));
        } catch (ExecutionException e) {
            LOG.warn("Locks were not released", e.getCause());
        } finally {
            // With long leases, releases would be sent again for hours after the stop.
            all.forEach(shutdown -> shutdown.context.leases().giveUp());
        }
    }

    private void warnUnlessDone(CompletableFuture<Void> end) {
        if (!end.isDone()) {
            LOG.warn(
                    "Table {}: not all locks were released in time. They expire at the end of their leases.",
                    context.client().tableName());
        }
    }

    /** Starts. The future completes on any thread, and never fails. */
    CompletableFuture<Void> begin() {
        List<CompletableFuture<?>> ends = new ArrayList<>(pendingAcquires.close());
        Queue<HeldLease> left = new ConcurrentLinkedQueue<>(context.leases().all());
        for (int i = 0; i < RELEASES_AT_A_TIME; i++) {
            ends.add(releaseAll(left));
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    /** One after the other. If all were sent at once, they would run into their time limits. */
    private static CompletableFuture<Void> releaseAll(Queue<HeldLease> left) {
        for (HeldLease next = left.poll(); next != null; next = left.poll()) {
            CompletableFuture<Void> end = releasedOrNot(next);
            if (!end.isDone()) {
                return end.thenCompose(done -> releaseAll(left));
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> releasedOrNot(HeldLease lease) {
        return lease.released().exceptionally(error -> {
            LOG.warn("{} could not be released: {}", lease, error.getMessage());
            return null;
        });
    }
}
