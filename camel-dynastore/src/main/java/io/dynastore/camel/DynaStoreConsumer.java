/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ServiceErrorDetails;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.ConsumerCounters;
import io.dynastore.camel.internal.consumer.ConsumerSession;
import io.dynastore.camel.internal.consumer.PollSession;
import io.dynastore.camel.internal.monitor.MonitoredState;
import java.util.Queue;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls partitions, and delivers each item to the route at least once, in order within its partition.
 *
 * <p>A failed item is reported to the consumer's exception handler. If that handler is bridged to the error handler of
 * the route, the item is logged instead, because that error handler has processed its exchange already.
 *
 * <p>Decision 13 in docs/decisions has the reasons.
 */
@ManagedResource(description = "Managed DynaStore consumer")
public class DynaStoreConsumer extends ScheduledBatchPollingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreConsumer.class);

    private final DynaStoreEndpoint endpoint;
    private final ConsumerCounters counters = new ConsumerCounters();
    private volatile @Nullable PollSession session;

    public DynaStoreConsumer(DynaStoreEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public DynaStoreEndpoint getEndpoint() {
        return endpoint;
    }

    /** The number of deliveries since the consumer was created. */
    @ManagedAttribute(description = "Number of items delivered to the route")
    public long getDeliveredItems() {
        return counters.deliveredTotal();
    }

    /** The number of acknowledged items. */
    @ManagedAttribute(
            description = "Number of items whose exchange succeeded and that were deleted if onSuccess=delete")
    public long getSucceededItems() {
        return counters.succeededTotal();
    }

    /** The number of failed deliveries. An item that fails twice counts twice. */
    @ManagedAttribute(description = "Number of deliveries that failed")
    public long getFailedItems() {
        return counters.failedTotal();
    }

    /** The number of items that were not deleted, because they had changed meanwhile. */
    @ManagedAttribute(
            description = "Number of items that were processed and not deleted, because they had changed meanwhile")
    public long getKeptItems() {
        return counters.keptTotal();
    }

    /** A greedy consumer waits for its delay after a poll that has only met failures. */
    @Override
    public boolean isGreedy() {
        PollSession current = session;
        return super.isGreedy() && (current == null || current.progressed());
    }

    @Override
    protected void doStart() throws Exception {
        ConsumerContext context = endpoint.consumerContext(getRouteId(), counters);
        PollSession starting = endpoint.session(context, this, new State());
        session = starting;
        endpoint.getComponent()
                .monitored()
                .consumerStarts(this, new MonitoredState.MonitoredConsumer(getRouteId(), context, starting.queue()));
        warnOfGeneratedRouteId();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        PollSession ending = session;
        if (ending != null) {
            ending.stop();
        }
        endpoint.getComponent().monitored().consumerStops(this);
        super.doStop();
        if (ending != null) {
            ending.close();
        }
    }

    /** A read that nobody waits for would delay the shutdown. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        boolean deferred = super.deferShutdown(shutdownRunningTask);
        cancelReads();
        return deferred;
    }

    @Override
    protected void doSuspend() throws Exception {
        super.doSuspend();
        cancelReads();
        PollSession current = session;
        if (current != null) {
            current.suspended();
        }
    }

    @Override
    protected void doResume() throws Exception {
        PollSession current = session;
        if (current != null) {
            current.resumed();
        }
        super.doResume();
    }

    private void cancelReads() {
        PollSession current = session;
        if (current != null) {
            current.cancelReads();
        }
    }

    @Override
    public void run() {
        PollSession current = session;
        if (current != null) {
            current.runAlone(super::run);
        }
    }

    @Override
    protected int poll() throws Exception {
        PollSession current = session;
        try {
            return current == null ? 0 : current.poll(getMaxMessagesPerPoll());
        } catch (Exception e) {
            ServiceErrorDetails.details(e).forEach(this::addLastErrorDetail);
            String remedy = TableErrorLog.remedy(e);
            if (remedy != null) {
                addLastErrorDetail("dynastore.remedy", remedy);
            }
            throw e;
        }
    }

    /** Not supported: a batch is a page, and this consumer reads the next page while it delivers one. */
    @Override
    public int processBatch(Queue<Object> exchanges) {
        throw new UnsupportedOperationException("The DynaStore consumer delivers items while it reads them");
    }

    private void warnOfGeneratedRouteId() {
        DynaStoreConfiguration options = endpoint.getConfiguration();
        if (options.getResume() == ResumeMode.TABLE
                && options.getGroup() == null
                && options.getResumeId() == null
                && getRoute() != null
                && !getRoute().isCustomId()) {
            LOG.warn(
                    "Table {}: the positions are kept under the id {} that Camel has generated for the route. Another"
                            + " route may get it when the application changes. Give the route an id, or set resumeId.",
                    options.getTableName(),
                    getRouteId());
        }
    }

    /** Camel's state, as a session sees it. */
    private final class State implements ConsumerSession.ConsumerState {

        @Override
        public boolean mayRead() {
            return isRunAllowed() && shutdownRunningTask == null && !isSuspendingOrSuspended();
        }

        @Override
        public boolean mayDeliver() {
            return isRunAllowed()
                    && (shutdownRunningTask == null
                            ? !isSuspendingOrSuspended()
                            : shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
        }

        @Override
        public void ready() {
            forceConsumerAsReady();
        }
    }
}
