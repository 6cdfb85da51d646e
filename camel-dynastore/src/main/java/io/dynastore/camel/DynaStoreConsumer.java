/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.Item;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls partitions and hands each item to the route, in order within its partition.
 *
 * <ul>
 *   <li>A poll takes as long as the exchanges that it has begun: it never overlaps unfinished ones of the poll before. Its own thread
 *       runs the first lane of partitions; other lanes run on the component's threads, as does what follows an asynchronous
 *       step of theirs.
 *   <li>When the consumer is suspended, or the route shuts down, no further item is delivered, unless the route is to complete all
 *       its tasks: then those of the current pages are. The poll then ends with what is under way, and its position is saved.
 *   <li>An item that fails is told to the consumer's exception handler, unless that is bridged to the route's error handler, which
 *       has had its say already: then it is logged.
 * </ul>
 */
@ManagedResource(description = "Managed DynaStore consumer")
public class DynaStoreConsumer extends ScheduledBatchPollingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreConsumer.class);

    private final DynaStoreEndpoint endpoint;
    private final AtomicBoolean polling = new AtomicBoolean();
    private final ConsumerCounters counters = new ConsumerCounters();
    private Pass pass = new Pass();
    private @Nullable Consumption consumption;

    public DynaStoreConsumer(DynaStoreEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public DynaStoreEndpoint getEndpoint() {
        return endpoint;
    }

    /** How many items were delivered since the route has started. */
    @ManagedAttribute(description = "Number of items delivered to the route")
    public long getDeliveredItems() {
        return counters.deliveredTotal();
    }

    /** How many of them are done. */
    @ManagedAttribute(
            description = "Number of items whose exchange succeeded, and that were deleted if they were to be")
    public long getSucceededItems() {
        return counters.succeededTotal();
    }

    /** How many of them failed, each time counted. */
    @ManagedAttribute(description = "Number of deliveries that failed")
    public long getFailedItems() {
        return counters.failedTotal();
    }

    /** How many were to be deleted and are kept, since they were changed meanwhile. */
    @ManagedAttribute(
            description = "Number of items that were processed and not deleted, because they had changed meanwhile")
    public long getKeptItems() {
        return counters.keptTotal();
    }

    @Override
    protected void doStart() throws Exception {
        pass = new Pass();
        consumption = endpoint.consumption(getRouteId(), counters);
        super.doStart();
    }

    @Override
    protected int poll() throws Exception {
        // A scheduler may have several threads; a second poll would deliver what the first one has under way.
        if (!polling.compareAndSet(false, true)) {
            return 0;
        }
        try {
            return poll(consumption);
        } finally {
            polling.set(false);
        }
    }

    /** Not for this consumer, whose batches are pages that it reads while it delivers: {@link #poll} delivers them itself. */
    @Override
    public int processBatch(Queue<Object> exchanges) {
        throw new UnsupportedOperationException("The DynaStore consumer delivers items while it reads them");
    }

    private int poll(@Nullable Consumption with) throws Exception {
        if (with == null) {
            return 0;
        }
        List<Partition> partitions = with.now();
        with.positions().retain(partitions);
        pass.goOn(partitions);
        ItemPoll poll = new ItemPoll(with);
        Budget budget = new Budget(getMaxMessagesPerPoll());
        Lanes lanes = new Lanes(
                pass, budget, poll, (partition, executor) -> new PartitionRun(with, partition, budget, poll, executor));
        PollThread here = new PollThread();
        CompletableFuture<Void> over = lanes.start(
                with.options().getConcurrentPartitions(),
                number -> number == 0 ? here : endpoint.getComponent().threads());
        try {
            here.workUntil(over);
            over.get();
        } catch (InterruptedException e) {
            poll.abandoned = true;
            Thread.currentThread().interrupt();
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return poll.done.get();
    }

    /** What one poll lets its partitions do. */
    private final class ItemPoll implements PartitionRun.Poll {
        private final Consumption with;
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean abandoned;

        ItemPoll(Consumption with) {
            this.with = with;
        }

        @Override
        public boolean mayDeliver() {
            return !abandoned
                    && isRunAllowed()
                    && (shutdownRunningTask == null
                            ? !isSuspendingOrSuspended()
                            : shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
        }

        @Override
        public boolean mayRead() {
            return !abandoned && isRunAllowed() && shutdownRunningTask == null && !isSuspendingOrSuspended();
        }

        @Override
        public void read() {
            forceConsumerAsReady();
        }

        @Override
        public CompletableFuture<@Nullable Throwable> deliver(Item item, int index, int size) {
            Exchange exchange = createExchange(true);
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, size);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == size - 1);
            with.fill(exchange, item);
            Delivery delivery = new Delivery();
            exchange.getExchangeExtension().addOnCompletion(delivery);
            AsyncCallback callback = defaultConsumerCallback(exchange, true);
            getAsyncProcessor().process(exchange, callback);
            return delivery.ended();
        }

        @Override
        public void done() {
            done.incrementAndGet();
        }

        @Override
        public void failed(Item item, Throwable error) {
            counters.failed();
            String message = "Table " + with.location().table() + ", key " + item.key()
                    + ": the item was not processed, and will be delivered again.";
            if (endpoint.isBridgeErrorHandler()) {
                LOG.warn(message, error);
            } else {
                getExceptionHandler().handleException(message, error);
            }
        }
    }
}
