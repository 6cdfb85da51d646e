/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.store.Outcome;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives pollEnrich one item at a time, from the same partitions and in the same order as a consumer would deliver them.
 *
 * <ol>
 *   <li>An item is <em>settled</em> when the exchange that took it has ended. If the exchange succeeded, the item is
 *       acknowledged and its position saved.
 *   <li>If the context is {@linkplain ConsumerOptions#ordered ordered}, a partition gives its next item only after the
 *       one before is settled.
 *   <li>If it is not ordered, a partition gives its next item at once. The next cycle redelivers failed items.
 *   <li>If items are deleted, a partition begins a new cycle only after all its items are settled.
 *   <li>At the end of a cycle one request finds no item. The request after it begins a new cycle.
 *   <li>An item that can't be read fails the exchange that takes it. It is settled as any other.
 *   <li>If the caller's time is over while a request is in flight, the request is cancelled, and no item is taken.
 *   <li>If an exchange is dropped without an end, its item is settled when the exchange is garbage collected.
 * </ol>
 *
 * <p>Thread safe. All polling consumers of an endpoint share it.
 */
public final class SingleItemPoller implements ItemPoller {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private final ConsumerContext context;
    private final PartitionCycle cycle = new PartitionCycle();
    private final Set<TakenItem> unsettled = ConcurrentHashMap.newKeySet();

    /**
     * Held while a request is in flight. So threads that bring responses must not wait for it; they use {@link
     * #settled}.
     */
    private final ReentrantLock taking = new ReentrantLock();

    private final Semaphore settled = new Semaphore(0);
    private boolean inCycle;

    /** An item that an exchange has taken. Only the exchange holds the completion strongly. */
    private static final class TakenItem extends WeakReference<ExchangeCompletion> {
        private final Partition partition;
        private final ConsumedItem item;
        private volatile boolean ending;

        TakenItem(Partition partition, ConsumedItem item, ExchangeCompletion completion) {
            super(completion);
            this.partition = partition;
            this.item = item;
        }

        boolean dropped() {
            return !ending && refersTo(null);
        }
    }

    SingleItemPoller(ConsumerContext context) {
        this.context = context;
    }

    @Override
    public boolean take(Exchange exchange, Exchange owner, Patience patience) throws Exception {
        while (!taking.tryLock(patience.slice(), TimeUnit.MILLISECONDS)) {
            if (patience.over()) {
                return false;
            }
        }
        try {
            return new Taking(exchange, owner, patience).next();
        } catch (Patience.OverException e) {
            context.reads().cancel();
            return false;
        } finally {
            taking.unlock();
        }
    }

    @Override
    public void awaitSettled(long millis, Patience patience) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!patience.over() && System.nanoTime() - end < 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1;
            if (settled.tryAcquire(Math.min(left, patience.slice()), TimeUnit.MILLISECONDS)) {
                settled.drainPermits();
                return;
            }
        }
    }

    /** One call of {@link #take}, which has the lock. */
    private final class Taking {
        private final Exchange exchange;
        private final Exchange owner;
        private final Patience patience;

        Taking(Exchange exchange, Exchange owner, Patience patience) {
            this.exchange = exchange;
            this.owner = owner;
            this.patience = patience;
        }

        boolean next() throws Exception {
            forgetDropped();
            context.reads().allow();
            if (!inCycle) {
                List<Partition> listed = context.partitions();
                Set<Partition> used = new HashSet<>(listed);
                unsettled.forEach(taken -> used.add(taken.partition));
                context.positions().retain(used);
                cycle.continueWith(listed);
                inCycle = true;
            }
            for (int left = cycle.size(); left > 0; left--) {
                Partition partition = cycle.take();
                if (partition != null && from(partition)) {
                    return true;
                }
            }
            inCycle = false;
            return false;
        }

        private boolean from(Partition partition) throws Exception {
            try {
                return taken(partition);
            } catch (Patience.OverException e) {
                cycle.putBack(List.of(partition));
                throw e;
            }
        }

        private boolean taken(Partition partition) throws Exception {
            if (context.options().ordered() && unsettled(partition)) {
                return false;
            }
            String position = patience.await(context.positions().load(partition));
            if (position == null && context.options().deletes() && unsettled(partition)) {
                return false;
            }
            Outcome.Page page = patience.await(context.page(partition, position, 1));
            if (page.items().isEmpty()) {
                context.positions().completed(partition);
                return false;
            }
            String behind =
                    page.nextToken() != null ? page.nextToken() : page.places().behind(0);
            if (!context.options().ordered()) {
                patience.await(context.positions().save(partition, behind));
            }
            give(
                    partition,
                    ConsumedItem.of(
                            context.location(), page, 0, context.options().selects()),
                    behind);
            return true;
        }

        private void give(Partition partition, ConsumedItem item, @Nullable String behind) {
            context.counters().delivered();
            context.fill(exchange, item);
            ExchangeCompletion completion = ExchangeCompletion.of(owner);
            TakenItem taken = new TakenItem(partition, item, completion);
            unsettled.add(taken);
            cycle.putBack(List.of(partition));
            CompletableFuture<?> unused = completion.ended().thenCompose(error -> settle(taken, behind, error));
        }
    }

    private boolean unsettled(Partition partition) {
        return unsettled.stream().anyMatch(taken -> taken.partition.equals(partition));
    }

    private void forgetDropped() {
        unsettled.removeIf(taken -> {
            if (taken.dropped()) {
                LOG.warn(
                        "Table {}, key {}: the exchange that took the item was dropped without an end, and the item"
                                + " will be redelivered",
                        context.location().table(),
                        taken.item.key());
            }
            return taken.dropped();
        });
    }

    private CompletableFuture<Void> settle(TakenItem taken, @Nullable String behind, @Nullable Throwable error) {
        taken.ending = true;
        if (error != null) {
            context.counters().failed();
            release(taken);
            return CompletableFuture.completedFuture(null);
        }
        // Inside of a stage, so that the item is released whatever is thrown.
        return CompletableFuture.completedFuture(taken.item)
                .thenCompose(context::acknowledge)
                .thenCompose(done -> done && context.options().ordered()
                        ? context.positions().save(taken.partition, behind)
                        : CompletableFuture.<Void>completedFuture(null))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        failed(taken, failure);
                    }
                    release(taken);
                });
    }

    private void failed(TakenItem taken, Throwable failure) {
        context.counters().failed();
        LOG.warn(
                "Table {}, key {}: the item was processed, but that could not be recorded, and it will be"
                        + " redelivered",
                context.location().table(),
                taken.item.key(),
                failure);
    }

    private void release(TakenItem taken) {
        unsettled.remove(taken);
        settled.release();
    }
}
