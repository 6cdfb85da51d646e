/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Claims;
import io.dynastore.queue.DynaStoreQueue;
import io.dynastore.queue.QueueCount;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators may see of the queue of a consumer. Thread safe.
 *
 * <p>The items are counted only when somebody asks, at most once a minute, and up to a limit. Nobody waits for that:
 * the answer is what was counted before.
 */
public final class QueueMonitor {

    /** How many items are examined at a time, of all partitions together. */
    static final int EXAMINED = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_PARTITIONS = 100;
    private static final QueueCount PART = new QueueCount(0, 0, 0, 0, null, false);

    private final ConsumerContext context;
    private final Claims claims;
    private final Queues queues;
    /** When the latest count began, by the ticker; null: there was none. */
    private @Nullable Long begun;

    private volatile @Nullable QueueCount latest;

    /** Makes the views of partitions. */
    @FunctionalInterface
    interface Queues {

        /**
         * The view of a partition.
         *
         * @param partition its key
         * @param withDead whether the view includes the dead partition, which all partitions share
         */
        DynaStoreQueue of(Object partition, boolean withDead);
    }

    /** A monitor that has counted nothing. */
    QueueMonitor(ConsumerContext context, Claims claims, Queues queues) {
        this.context = context;
        this.claims = claims;
        this.queues = queues;
    }

    /** The number of items that this consumer has claimed and not settled. */
    public int held() {
        return claims.inFlight();
    }

    /**
     * What was counted last. If that was more than a minute ago, the items are counted again, for who asks next.
     *
     * @return null if nothing was counted yet, or the whole table is consumed
     */
    public @Nullable QueueCount count() {
        if (isStale(System.nanoTime())) {
            refresh();
        }
        return latest;
    }

    private synchronized boolean isStale(long now) {
        boolean stale = begun == null || now - begun >= FRESH_NANOS;
        begun = stale ? (Long) now : begun;
        return stale;
    }

    private void refresh() {
        try {
            List<Object> partitions = context.partitions().stream()
                    .filter(Partition.Keyed.class::isInstance)
                    .map(partition -> ((Partition.Keyed) partition).key().partitionKey())
                    .toList();
            if (partitions.isEmpty()) {
                return;
            }
            int counted = Math.min(partitions.size(), MOST_PARTITIONS);
            int examine = EXAMINED / counted;
            CompletableFuture<QueueCount> sum =
                    CompletableFuture.completedFuture(counted == partitions.size() ? QueueCount.NONE : PART);
            for (int at = 0; at < counted; at++) {
                DynaStoreQueue queue = queues.of(partitions.get(at), at == 0);
                sum = sum.thenCompose(before -> queue.count(examine).thenApply(before::plus));
            }
            CompletableFuture<?> unused = sum.whenComplete((count, error) -> {
                if (error == null) {
                    latest = count;
                } else {
                    failed(error);
                }
            });
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Throwable error) {
        LOG.debug(
                "Table {}: the items of a queue can't be counted",
                context.location().table(),
                error);
    }
}
