/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.consumer.QueueMonitor;
import io.dynastore.queue.QueueCount;
import io.dynastore.queue.QueueState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a consumer that claims.
 *
 * @param registry registers them
 * @param tags those of the consumer
 */
record QueueMeters(MeterRegistry registry, Tags tags) {

    /** Counters of claims. */
    List<Meter> claims(ConsumerTotals sums) {
        return List.of(
                FunctionCounter.builder(
                                "dynastore.claims",
                                sums,
                                totals ->
                                        totals.sum(counters -> counters.claims().claimedTotal()))
                        .tags(tags.and("outcome", "claimed"))
                        .description("Items that a consumer has claimed")
                        .register(registry),
                FunctionCounter.builder(
                                "dynastore.claims",
                                sums,
                                totals ->
                                        totals.sum(counters -> counters.claims().refusedTotal()))
                        .tags(tags.and("outcome", "refused"))
                        .description("Claims that failed: another consumer was faster, or the item has changed")
                        .register(registry));
    }

    /** Gauges of the queue. They read what was counted up to a minute ago, and begin to count. */
    List<Meter> items(QueueMonitor queue) {
        List<Meter> meters = new ArrayList<>();
        for (QueueState state : QueueState.values()) {
            meters.add(Gauge.builder("dynastore.queue.items", queue, monitored -> items(monitored.count(), state))
                    .tags(tags.and("state", text(state)))
                    .description("Items of a queue by state, counted at most once a minute and up to a limit")
                    .strongReference(true)
                    .register(registry));
        }
        meters.add(TimeGauge.builder(
                        "dynastore.queue.oldest.due", queue, TimeUnit.MILLISECONDS, monitored -> age(monitored.count()))
                .tags(tags)
                .description("How long the oldest due item of a queue has waited")
                .strongReference(true)
                .register(registry));
        meters.add(Gauge.builder("dynastore.claims.held", queue, QueueMonitor::held)
                .tags(tags)
                .description("Items that a consumer has claimed and not settled")
                .strongReference(true)
                .register(registry));
        return meters;
    }

    private static String text(QueueState state) {
        return switch (state) {
            case DUE -> "due";
            case DELAYED -> "delayed";
            case IN_FLIGHT -> "inFlight";
            case DEAD -> "dead";
        };
    }

    private static double items(@Nullable QueueCount count, QueueState state) {
        return count == null ? Double.NaN : count.of(state);
    }

    private static double age(@Nullable QueueCount count) {
        if (count == null) {
            return Double.NaN;
        }
        Instant oldest = count.oldestDue();
        return oldest == null ? 0 : Math.max(0, System.currentTimeMillis() - oldest.toEpochMilli());
    }
}
