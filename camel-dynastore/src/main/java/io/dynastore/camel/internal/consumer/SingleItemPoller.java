/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.store.Item;
import io.dynastore.store.Outcome;
import java.lang.ref.WeakReference;
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
 * The items that pollEnrich takes, one at a time, from the same partitions and in the same order as a consumer would deliver them.
 * All polling consumers of an endpoint share it. Thread safe.
 *
 * <ol>
 *   <li>An item is settled when the exchange that took it ends: then it is deleted if it is to be, and the position goes behind it.
 *   <li>Where items wait their turn ({@link ConsumerContext#inTurn}), a partition whose item is not settled yet gives no other one.
 *       Else the next one is given, and what failed comes again with the next pass; but a partition does not begin again while one of
 *       its items is to be deleted yet.
 *   <li>When all partitions have had their turn, nothing is given once; then it begins again.
 *   <li>An exchange that is dropped and never ends, as when the aggregation of pollEnrich fails, would keep its item for good. So its
 *       item is only held as long as somebody holds the exchange.
 * </ol>
 */
public final class SingleItemPoller {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private final ConsumerContext consumption;
    private final PartitionCycle pass = new PartitionCycle();
    private final Set<Given> unsettled = ConcurrentHashMap.newKeySet();

    /** Held while the service is asked, and so never by whoever brings its responses: these use {@link #settled}. */
    private final ReentrantLock taking = new ReentrantLock();

    private final Semaphore settled = new Semaphore(0);
    private boolean passing;

    /** An item that was given. The delivery is held by its exchange alone. */
    private static final class Given extends WeakReference<ExchangeCompletion> {
        private final Partition partition;
        private final Item item;
        private volatile boolean ending;

        Given(Partition partition, Item item, ExchangeCompletion delivery) {
            super(delivery);
            this.partition = partition;
            this.item = item;
        }

        boolean dropped() {
            return !ending && refersTo(null);
        }
    }

    public SingleItemPoller(ConsumerContext consumption) {
        this.consumption = consumption;
    }

    /**
     * Takes the next item.
     *
     * @param exchange becomes the item, and settles it when it ends
     * @return whether there is one
     */
    public boolean take(Exchange exchange) throws Exception {
        taking.lockInterruptibly();
        try {
            forgetDropped();
            if (!passing) {
                pass.goOn(consumption.now());
                passing = true;
            }
            for (int left = pass.size(); left > 0; left--) {
                Partition partition = pass.take();
                if (partition != null && take(partition, exchange)) {
                    return true;
                }
            }
            passing = false;
            return false;
        } finally {
            taking.unlock();
        }
    }

    /** Waits until an item is settled, or this time is over. */
    public void awaitSettled(long millis) throws InterruptedException {
        if (settled.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            settled.drainPermits();
        }
    }

    private boolean take(Partition partition, Exchange exchange) throws Exception {
        if (consumption.inTurn() && unsettled(partition)) {
            return false;
        }
        String from = ConsumerContextFactory.waitFor(consumption.positions().behind(partition));
        if (from == null && consumption.deletes() && unsettled(partition)) {
            return false;
        }
        Outcome.Page page = ConsumerContextFactory.waitFor(consumption.page(partition, from, 1));
        if (page.items().isEmpty()) {
            consumption.positions().completed(partition);
            return false;
        }
        Item item = page.items().get(0);
        String behind =
                page.nextToken() != null ? page.nextToken() : page.places().behind(0);
        if (!consumption.inTurn()) {
            ConsumerContextFactory.waitFor(consumption.positions().passed(partition, behind));
        }
        consumption.fill(exchange, item);
        ExchangeCompletion delivery = ExchangeCompletion.of(exchange);
        Given given = new Given(partition, item, delivery);
        unsettled.add(given);
        pass.putBack(List.of(partition));
        CompletableFuture<?> unused = delivery.ended().thenCompose(error -> settle(given, behind, error));
        return true;
    }

    private boolean unsettled(Partition partition) {
        return unsettled.stream().anyMatch(given -> given.partition.equals(partition));
    }

    private void forgetDropped() {
        unsettled.removeIf(given -> {
            if (given.dropped()) {
                LOG.warn(
                        "Table {}, key {}: the exchange that has taken the item was dropped without an end; it will be given again",
                        consumption.location().table(),
                        given.item.key());
            }
            return given.dropped();
        });
    }

    private CompletableFuture<Void> settle(Given given, @Nullable String behind, @Nullable Throwable error) {
        given.ending = true;
        if (error != null) {
            consumption.counters().failed();
            free(given);
            return CompletableFuture.completedFuture(null);
        }
        return consumption
                .settle(given.item)
                .thenCompose(done -> done && consumption.inTurn()
                        ? consumption.positions().passed(given.partition, behind)
                        : CompletableFuture.<Void>completedFuture(null))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        consumption.counters().failed();
                        LOG.warn(
                                "Table {}, key {}: the item was processed, but that could not be kept, and it will be given again",
                                consumption.location().table(),
                                given.item.key(),
                                failure);
                    }
                    free(given);
                });
    }

    private void free(Given given) {
        unsettled.remove(given);
        settled.release();
    }
}
