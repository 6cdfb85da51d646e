/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes groups whose time-out is over for some time, because the node that should have completed them has died or
 * failed to. Of all nodes, one looks for them in each interval.
 *
 * <p>A group that is completed here is left to the recovery of any node, as the aggregator can't be told to send it.
 *
 * <p>It has a thread of its own, which waits for responses: the renewal of leases must not wait for it.
 */
final class OverdueGroups extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final int MOST_IN_A_ROUND = 1000;
    private static final int LOOKS_PER_INTERVAL = 2;

    private final CamelContext context;
    private final TableRequests requests;
    private final AggregationPlaces places;
    private final AggregationWrites writes;
    private final AggregationGroups groups;
    private final AggregationSettings settings;
    private @Nullable ScheduledExecutorService timer;

    OverdueGroups(
            CamelContext context,
            TableRequests requests,
            AggregationPlaces places,
            AggregationWrites writes,
            AggregationGroups groups,
            AggregationSettings settings) {
        this.context = context;
        this.requests = requests;
        this.places = places;
        this.writes = writes;
        this.groups = groups;
        this.settings = settings;
    }

    /** Completes what is overdue, unless another node looks for it. */
    void look(Duration interval) {
        String holder = UUID.randomUUID().toString();
        if (requests.update(writes.lookForTimeouts(holder, interval.dividedBy(2), settings.now()))) {
            overdue(interval).forEach(key -> complete(key, interval));
        }
    }

    private List<String> overdue(Duration interval) {
        long before = settings.now().minus(interval).toEpochMilli();
        List<String> keys = new ArrayList<>();
        new GroupQuery(requests, false).read(places.groups(), (key, item) -> {
            long due = GroupVersion.number(item.get(AggregationWrites.DUE));
            if (due > 0
                    && due < before
                    && GroupVersion.isLive(item, requests.schema().expires(), settings.now())) {
                keys.add(key);
            }
            return keys.size() < MOST_IN_A_ROUND;
        });
        return keys;
    }

    private void complete(String key, Duration interval) {
        try {
            Exchange exchange = groups.get(context, key);
            if (exchange != null && groups.completeOverdue(key, exchange, interval)) {
                settings.counters().adopted().increment();
            }
        } catch (OptimisticLockingException e) {
            LOG.debug("A group that was overdue has changed meanwhile", e);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Table {}, correlation key {}: the overdue group could not be completed, which is tried again",
                    requests.schema().table(),
                    SortKeys.shown(key),
                    e);
        }
    }

    @Override
    protected void doStart() {
        Duration interval = settings.timeouts();
        if (interval != null) {
            timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "DynaStoreOverdue");
            long period = Math.max(1, interval.toMillis() / LOOKS_PER_INTERVAL);
            var unused =
                    timer.scheduleWithFixedDelay(() -> guardedLook(interval), period, period, TimeUnit.MILLISECONDS);
        }
    }

    private void guardedLook(Duration interval) {
        try {
            look(interval);
        } catch (RuntimeException | Error e) {
            // The timer would end with it.
            LOG.warn("Overdue groups could not be completed, which is tried again", e);
        }
    }

    @Override
    protected void doStop() {
        if (timer != null) {
            context.getExecutorServiceManager().shutdownNow(timer);
            timer = null;
        }
    }
}
