/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.camel.internal.thread.ContextClassLoader;
import io.dynastore.group.PartitionLease;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The work of a consumer from its start to its stop. The order of the items is the subject of {@link PartitionTask}.
 *
 * <ol>
 *   <li>One poll runs at a time. It ends when all exchanges that it has begun have ended, so polls never overlap.
 *   <li>The thread of the poll is the first worker's. Other workers run on {@link WorkerThreads}. An asynchronous
 *       exchange continues on the thread of its worker.
 *   <li>If the consumer is suspended or the route shuts down, no further item is delivered. The poll ends with the
 *       items in flight, and their positions are saved.
 *   <li>If the route is to complete all its tasks, the rest of the current pages is delivered first.
 *   <li>If the poll does not end in time, the stop abandons it. Its items in flight are redelivered after the next
 *       start.
 *   <li>A read in flight is cancelled when no further item may be read: nobody waits for it. Its partition continues
 *       with the next poll.
 *   <li>An item that can't be read has failed before its delivery. Only a bridged error handler gets an exchange.
 *   <li>A restart begins a new session. So an abandoned poll shares no state with the polls after it.
 * </ol>
 */
public final class ConsumerSession implements PollSession {

    private final ConsumerContext context;
    private final DefaultConsumer consumer;
    private final ConsumerState state;
    private final ItemFailureReports reports;
    private final TableErrorLog tableErrors;
    private final WorkerThreads threads;
    private final PartitionCycle cycle = new PartitionCycle();
    private final AtomicBoolean polling = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean progressed = true;

    /** The leases that a poll has read before. */
    private volatile Map<String, PartitionLease> known = Map.of();

    /** The state of the Camel consumer. */
    public interface ConsumerState {

        /** Whether another page may be read. */
        boolean mayRead();

        /** Whether another item may be delivered. */
        boolean mayDeliver();

        /** The consumer can read, and so is ready. */
        void ready();
    }

    public ConsumerSession(
            ConsumerContext context, DefaultConsumer consumer, ConsumerState state, TableErrorLog tableErrors) {
        this.context = context;
        this.consumer = consumer;
        this.state = state;
        this.reports = new ItemFailureReports(context, consumer);
        this.tableErrors = tableErrors;
        Endpoint endpoint = consumer.getEndpoint();
        this.threads = new WorkerThreads(endpoint.getCamelContext(), endpoint, endpoint.getEndpointUri());
    }

    @Override
    public boolean progressed() {
        return progressed;
    }

    @Override
    public void runAlone(Runnable poll) {
        if (polling.compareAndSet(false, true)) {
            try {
                ContextClassLoader.in(consumer.getEndpoint().getCamelContext(), poll)
                        .run();
            } finally {
                polling.set(false);
            }
        }
    }

    @Override
    public int poll(int limit) throws Exception {
        context.reads().allow();
        ItemPoll poll = new ItemPoll();
        PollThreadExecutor pollThread = new PollThreadExecutor();
        CompletableFuture<Void> ended = start(poll, new ItemQuota(limit), pollThread);
        try {
            await(ended, pollThread, poll);
        } finally {
            progressed = poll.done.get() > 0 || poll.delivered.get() == 0;
        }
        return poll.delivered.get();
    }

    private CompletableFuture<Void> start(ItemPoll poll, ItemQuota quota, PollThreadExecutor pollThread) {
        GroupPartitions group = context.group();
        poll.leases = group == null ? Map.of() : group.leases();
        List<Partition> partitions = context.partitions();
        context.positions().retain(partitions);
        cycle.continueWith(partitions);
        if (group != null) {
            cycle.prefer(group.gainedSince(known));
            known = poll.leases;
        }
        PartitionWorkers workers = new PartitionWorkers(
                cycle, quota, poll, (partition, executor) -> task(partition, quota, poll, executor));
        return workers.start(context.options().concurrentPartitions(), number -> number == 0 ? pollThread : threads)
                .whenComplete((done, error) -> tableErrors.after(error));
    }

    private PartitionTask task(Partition partition, ItemQuota quota, ItemPoll poll, Executor executor) {
        GroupPartitions group = context.group();
        if (group == null) {
            return new PartitionTask(context, partition, quota, poll, executor);
        }
        PartitionLease found = group.lease(partition);
        PartitionLease lease = found != null && found.enter() ? found : null;
        boolean positions = context.options().ordered() || lease == null;
        return new PartitionTask(
                positions
                        ? context.with(new LeasedPositionStore(
                                group.member().settings().group(), lease))
                        : context,
                partition,
                quota,
                lease == null ? poll : new LeasedPoll(poll, lease),
                executor);
    }

    /**
     * An interrupt of this thread ends the poll early. Items in flight are still awaited, unless the route is stopped.
     */
    private void await(CompletableFuture<Void> ended, PollThreadExecutor pollThread, ItemPoll poll) throws Exception {
        boolean interrupted = false;
        CompletableFuture<?> endedOrStopped = CompletableFuture.anyOf(ended, stopped);
        try {
            while (!endedOrStopped.isDone()) {
                try {
                    pollThread.workUntil(endedOrStopped);
                } catch (InterruptedException e) {
                    interrupted = true;
                    poll.interrupted = true;
                }
            }
            if (ended.isDone()) {
                ended.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void cancelReads() {
        context.reads().cancel();
    }

    @Override
    public void stop() {
        stopped.complete(null);
        cancelReads();
    }

    @Override
    public void close() {
        threads.close();
    }

    /** One poll, as its tasks see it. */
    private final class ItemPoll implements PartitionTask.Poll {
        private final AtomicInteger delivered = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean interrupted;
        private volatile Map<String, PartitionLease> leases = Map.of();

        @Override
        public boolean mayDeliver() {
            return !interrupted && !stopped.isDone() && state.mayDeliver();
        }

        @Override
        public boolean mayRead() {
            return !interrupted && !stopped.isDone() && state.mayRead() && !gained();
        }

        /** A poll that goes on for long would leave a partition unread that the member has got meanwhile. */
        private boolean gained() {
            GroupPartitions group = context.group();
            return group != null && group.gained(leases);
        }

        @Override
        public void pageRead() {
            state.ready();
        }

        @Override
        public CompletableFuture<@Nullable Throwable> deliver(ConsumedItem item, int index, int size) {
            return deliver(item, index, size, null);
        }

        private CompletableFuture<@Nullable Throwable> deliver(
                ConsumedItem item, int index, int size, @Nullable Long token) {
            delivered.incrementAndGet();
            if (item.error() != null && !reports.bridged()) {
                return CompletableFuture.completedFuture(item.error());
            }
            context.counters().delivered();
            Exchange exchange = consumer.createExchange(true);
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, size);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == size - 1);
            context.fill(exchange, item);
            if (token != null) {
                exchange.getMessage().setHeader(DynaStoreConstants.FENCING_TOKEN, token);
            }
            if (item.error() != null) {
                ItemFailureReports.bridge(exchange, item.error());
            }
            ExchangeCompletion completion = ExchangeCompletion.of(exchange);
            consumer.getAsyncProcessor().process(exchange, doneSync -> completion.rejected(exchange));
            CompletableFuture<@Nullable Throwable> ended = completion.ended();
            boolean succeeded = ended.isDone() && ended.join() == null && reports.unhandled(exchange, item) == null;
            return succeeded
                    ? ended
                    : ended.thenApply(error -> error == null ? reports.unhandled(exchange, item) : error);
        }

        @Override
        public void done() {
            done.incrementAndGet();
        }

        @Override
        public void failed(ConsumedItem item, Throwable error) {
            reports.failed(item, error);
        }
    }

    /** A poll as the task of a leased partition sees it. */
    private record LeasedPoll(ItemPoll poll, PartitionLease lease) implements PartitionTask.Poll {

        @Override
        public boolean mayDeliver() {
            return lease.mayDeliver() && poll.mayDeliver();
        }

        @Override
        public boolean mayRead() {
            return lease.mayDeliver() && poll.mayRead();
        }

        @Override
        public void pageRead() {
            poll.pageRead();
        }

        @Override
        public CompletableFuture<@Nullable Throwable> deliver(ConsumedItem item, int index, int size) {
            lease.delivered();
            return poll.deliver(item, index, size, lease.token());
        }

        @Override
        public void done() {
            poll.done();
        }

        @Override
        public void failed(ConsumedItem item, Throwable error) {
            poll.failed(item, error);
        }

        @Override
        public void left() {
            lease.leave();
        }
    }
}
