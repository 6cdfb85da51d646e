/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ServiceErrorDetails;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.ConsumerCounters;
import io.dynastore.camel.internal.consumer.ItemQuota;
import io.dynastore.camel.internal.consumer.Partition;
import io.dynastore.camel.internal.consumer.PartitionCycle;
import io.dynastore.camel.internal.consumer.PartitionTask;
import io.dynastore.camel.internal.consumer.PartitionWorkers;
import io.dynastore.camel.internal.consumer.PollThreadExecutor;
import io.dynastore.camel.internal.consumer.WorkerThreads;
import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.store.Item;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
 *       runs the first lane of partitions; other lanes run on threads of the consumer, as does what follows an asynchronous step of
 *       theirs.
 *   <li>When the consumer is suspended, or the route shuts down, no further item is delivered, unless the route is to complete all
 *       its tasks: then those of the current pages are. The poll then ends with what is under way, and its position is saved. One
 *       that does not end in time is given up: what it has under way when the route is stopped by force comes again.
 *   <li>An item that fails is told to the consumer's exception handler, unless that is bridged to the route's error handler, which
 *       has had its say already: then it is logged.
 * </ul>
 */
@ManagedResource(description = "Managed DynaStore consumer")
public class DynaStoreConsumer extends ScheduledBatchPollingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreConsumer.class);

    private final DynaStoreEndpoint endpoint;
    private final ConsumerCounters counters = new ConsumerCounters();
    private volatile @Nullable Incarnation incarnation;

    /** Whether the last poll got on; one that has only met failures waits for the next one, greedy or not. */
    private volatile boolean gotOn = true;

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

    /** Polls again at once after a poll that found something; not after one that only met failures, which would never end. */
    @Override
    public boolean isGreedy() {
        return super.isGreedy() && gotOn;
    }

    @Override
    protected void doStart() throws Exception {
        Incarnation begun = new Incarnation(endpoint.consumption(getRouteId(), counters));
        incarnation = begun;
        endpoint.getComponent()
                .monitored()
                .consumerStarts(this, new MonitoredState.Consuming(getRouteId(), begun.with));
        warnOfPassingName();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        Incarnation ending = incarnation;
        if (ending != null) {
            ending.stopped.complete(null);
        }
        endpoint.getComponent().monitored().consumerStops(this);
        super.doStop();
        if (ending != null) {
            ending.lanes.close();
        }
    }

    /** A scheduler may have several threads; a second poll would deliver what the first one has under way. */
    @Override
    public void run() {
        Incarnation now = incarnation;
        if (now != null && now.polling.compareAndSet(false, true)) {
            try {
                super.run();
            } finally {
                now.polling.set(false);
            }
        }
    }

    @Override
    protected int poll() throws Exception {
        Incarnation now = incarnation;
        try {
            return now == null ? 0 : poll(now);
        } catch (Exception e) {
            ServiceErrorDetails.details(e).forEach(this::addLastErrorDetail);
            throw e;
        }
    }

    /** Not for this consumer, whose batches are pages that it reads while it delivers: {@link #poll} delivers them itself. */
    @Override
    public int processBatch(Queue<Object> exchanges) {
        throw new UnsupportedOperationException("The DynaStore consumer delivers items while it reads them");
    }

    private int poll(Incarnation now) throws Exception {
        ConsumerContext with = now.with;
        List<Partition> partitions = with.now();
        with.positions().retain(partitions);
        now.pass.goOn(partitions);
        ItemPoll poll = new ItemPoll(now);
        ItemQuota budget = new ItemQuota(getMaxMessagesPerPoll());
        PartitionWorkers lanes = new PartitionWorkers(
                now.pass,
                budget,
                poll,
                (partition, executor) -> new PartitionTask(with, partition, budget, poll, executor));
        PollThreadExecutor here = new PollThreadExecutor();
        CompletableFuture<Void> over =
                lanes.start(with.options().getConcurrentPartitions(), number -> number == 0 ? here : now.lanes);
        TableErrorLog errors = endpoint.outcomes().errors();
        var unused = over.whenComplete((done, error) -> errors.after(error));
        try {
            await(over, here, poll, now.stopped);
        } finally {
            gotOn = poll.done.get() > 0 || poll.delivered.get() == 0;
        }
        return poll.delivered.get();
    }

    /** Whoever interrupts this thread ends the poll early. What is under way is still waited for, unless the route is stopped. */
    private static void await(
            CompletableFuture<Void> over, PollThreadExecutor here, ItemPoll poll, CompletableFuture<Void> stopped)
            throws Exception {
        boolean interrupted = false;
        CompletableFuture<?> end = CompletableFuture.anyOf(over, stopped);
        try {
            while (!end.isDone()) {
                try {
                    here.workUntil(end);
                } catch (InterruptedException e) {
                    interrupted = true;
                    poll.abandoned = true;
                }
            }
            if (over.isDone()) {
                over.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void warnOfPassingName() {
        DynaStoreConfiguration options = endpoint.getConfiguration();
        if (options.getResume() == ResumeMode.TABLE
                && options.getResumeId() == null
                && getRoute() != null
                && !getRoute().isCustomId()) {
            LOG.warn(
                    "Table {}: the positions are kept under the id {} that Camel made up for the route, and that may be another"
                            + " one's after a change of the application. Give the route an id, or set resumeId.",
                    options.getTableName(),
                    getRouteId());
        }
    }

    /** From a start to the stop that follows: what is left over of an earlier incarnation, stopped by force, can't touch it. */
    private final class Incarnation {
        private final ConsumerContext with;
        private final PartitionCycle pass = new PartitionCycle();
        private final AtomicBoolean polling = new AtomicBoolean();
        private final WorkerThreads lanes =
                new WorkerThreads(endpoint.getCamelContext(), endpoint, endpoint.getEndpointUri());

        /** Completed when the route stops. A poll is over by then, unless it was not over in time. */
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();

        Incarnation(ConsumerContext with) {
            this.with = with;
        }
    }

    /** What one poll lets its partitions do. */
    private final class ItemPoll implements PartitionTask.Poll {
        private final Incarnation incarnation;
        private final AtomicInteger delivered = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean abandoned;

        ItemPoll(Incarnation incarnation) {
            this.incarnation = incarnation;
        }

        boolean stopped() {
            return incarnation.stopped.isDone() || !isRunAllowed();
        }

        @Override
        public boolean mayDeliver() {
            return !abandoned
                    && !stopped()
                    && (shutdownRunningTask == null
                            ? !isSuspendingOrSuspended()
                            : shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
        }

        @Override
        public boolean mayRead() {
            return !abandoned && !stopped() && shutdownRunningTask == null && !isSuspendingOrSuspended();
        }

        @Override
        public void read() {
            forceConsumerAsReady();
        }

        @Override
        public CompletableFuture<@Nullable Throwable> deliver(Item item, int index, int size) {
            delivered.incrementAndGet();
            Exchange exchange = createExchange(true);
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, size);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == size - 1);
            incarnation.with.fill(exchange, item);
            ExchangeCompletion delivery = ExchangeCompletion.of(exchange);
            getAsyncProcessor().process(exchange, doneSync -> delivery.rejected(exchange));
            return delivery.ended();
        }

        @Override
        public void done() {
            done.incrementAndGet();
        }

        @Override
        public void failed(Item item, Throwable error) {
            counters.failed();
            String message = "Table " + incarnation.with.location().table() + ", key " + item.key()
                    + ": the item was not processed, and will be delivered again";
            if (endpoint.isBridgeErrorHandler()) {
                LOG.warn(message, error);
            } else {
                getExceptionHandler().handleException(message, error);
            }
        }
    }
}
