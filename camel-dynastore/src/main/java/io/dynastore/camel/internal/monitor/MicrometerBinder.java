/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.consumer.ConsumerCounters;
import io.dynastore.camel.internal.consumer.QueueMonitor;
import io.dynastore.group.GroupMember;
import io.dynastore.store.metrics.CallStatus;
import io.dynastore.store.metrics.LatencySnapshot;
import io.dynastore.store.metrics.OperationMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * Binds the metrics to Micrometer. Its counters read the component's metrics at each scrape. The duration of calls is a
 * timer of Micrometer, so that a filter of the registry can give it a histogram. Only its parts, {@link QueueMeters}
 * and {@link GroupMeters}, know Micrometer as well.
 */
final class MicrometerBinder implements MetricsBinder {

    /** The name under which camel-micrometer looks up and registers its registry. */
    private static final String REGISTRY = "metricsRegistry";

    private final MeterRegistry registry;
    private final Map<Object, Queue<Meter>> meters = new ConcurrentHashMap<>();
    private final Map<TableLocation, Set<Object>> shown = new ConcurrentHashMap<>();
    private final Map<Tags, ConsumerTotals> totals = new ConcurrentHashMap<>();

    /** The counters of each consumer, with the tags that it may share with others. */
    private final Map<Object, Map.Entry<Tags, ConsumerCounters>> consumers = new ConcurrentHashMap<>();

    private MicrometerBinder(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A binder to the registry that camel-micrometer would choose; null if there is none. */
    static @Nullable MicrometerBinder of(CamelContext context) {
        MeterRegistry composite = registry(context.getRegistry(), CompositeMeterRegistry.class);
        MeterRegistry found = composite == null ? registry(context.getRegistry(), MeterRegistry.class) : composite;
        return found == null ? null : new MicrometerBinder(found);
    }

    private static @Nullable MeterRegistry registry(Registry beans, Class<? extends MeterRegistry> type) {
        MeterRegistry named = beans.lookupByNameAndType(REGISTRY, type);
        if (named != null) {
            return named;
        }
        Set<? extends MeterRegistry> all = beans.findByType(type);
        return all.size() == 1 ? all.iterator().next() : null;
    }

    @Override
    public void table(TableLocation table, LongSupplier locksHeld, LongSupplier retries) {
        keep(
                table,
                Gauge.builder("dynastore.locks.held", locksHeld, LongSupplier::getAsLong)
                        .tags(tags(table))
                        .description("Locks held by this process")
                        .strongReference(true)
                        .register(registry));
        keep(table, retryCounter(table, retries));
    }

    /** Counts for this binder, as the registry refers to the counted object weakly and nothing else would keep it. */
    private FunctionCounter retryCounter(TableLocation table, LongSupplier retries) {
        return FunctionCounter.builder("dynastore.retries", this, meters -> retries.getAsLong())
                .tags(tags(table))
                .description("Requests that the AWS SDK sent again, for clients that the component made")
                .register(registry);
    }

    @Override
    public void first(TableLocation table, String operation, OperationMetrics metrics, CallStatus result) {
        Tags tags = tags(table).and("operation", operation);
        if (isNew(table, Map.entry(metrics, result))) {
            keep(
                    table,
                    FunctionCounter.builder("dynastore.calls", metrics, calls -> calls.calls(result))
                            .tags(tags.and("outcome", result.text()))
                            .description("Calls that have ended, by outcome")
                            .register(registry));
        }
        metrics.throttled().keySet().forEach(reason -> throttled(table, tags.and("reason", reason), reason, metrics));
        if (isNew(table, metrics)) {
            keep(
                    table,
                    FunctionCounter.builder("dynastore.consumed.capacity", metrics, OperationMetrics::consumedCapacity)
                            .tags(tags)
                            .description("Capacity units that DynamoDB reported")
                            .register(registry));
            durations(table, tags, metrics);
        }
    }

    private void throttled(TableLocation table, Tags tags, String reason, OperationMetrics metrics) {
        if (isNew(table, Map.entry(metrics, reason))) {
            keep(
                    table,
                    FunctionCounter.builder("dynastore.throttled", metrics, calls -> calls.throttled()
                                    .getOrDefault(reason, 0L)
                                    .doubleValue())
                            .tags(tags)
                            .description("Calls that failed because DynamoDB throttled them, by its reason")
                            .register(registry));
        }
    }

    /** Whether a table does not show this yet. Micrometer warns of a meter that is registered again. */
    private boolean isNew(TableLocation table, Object what) {
        return shown.computeIfAbsent(table, first -> ConcurrentHashMap.newKeySet())
                .add(what);
    }

    private void durations(TableLocation table, Tags tags, OperationMetrics metrics) {
        Timer timer = Timer.builder("dynastore.call.duration")
                .tags(tags)
                .description("Duration of calls, including retries and waits")
                .register(registry);
        keep(table, timer);
        metrics.recordDurations(nanos -> timer.record(nanos, TimeUnit.NANOSECONDS));
        keep(table, quantile(tags.and("phi", "0.5"), metrics, LatencySnapshot::median));
        keep(table, quantile(tags.and("phi", "0.99"), metrics, LatencySnapshot::p99));
    }

    private TimeGauge quantile(Tags tags, OperationMetrics metrics, Function<LatencySnapshot, Duration> quantile) {
        return TimeGauge.builder(
                        "dynastore.call.duration.percentile", metrics, TimeUnit.NANOSECONDS, calls -> quantile.apply(
                                        calls.latency())
                                .toNanos())
                .tags(tags)
                .description("Duration of calls since the start, overestimated by up to a quarter")
                .register(registry);
    }

    @Override
    public void forget(TableLocation table) {
        shown.remove(table);
        remove(table);
    }

    @Override
    public synchronized void consumer(Object consumer, MonitoredState.MonitoredConsumer monitored) {
        ConsumerCounters counters = monitored.context().counters();
        Tags tags =
                tags(monitored.context().location()).and("route", monitored.route() == null ? "" : monitored.route());
        consumers.put(consumer, Map.entry(tags, counters));
        if (monitored.context().group() != null) {
            GroupMember member = monitored.context().group().member();
            GroupMeters.of(registry, tags, member).forEach(meter -> keep(consumer, meter));
        }
        ConsumerTotals known = totals.get(tags);
        ConsumerTotals sums = known == null ? new ConsumerTotals() : known;
        sums.add(counters);
        if (known == null) {
            totals.put(tags, sums);
            items(tags, "delivered", sums, ConsumerCounters::deliveredTotal);
            items(tags, "succeeded", sums, ConsumerCounters::succeededTotal);
            items(tags, "failed", sums, ConsumerCounters::failedTotal);
            items(tags, "kept", sums, ConsumerCounters::keptTotal);
            queue(tags, sums, monitored);
        }
    }

    /** Those of pollEnrich may be of several queues, so that they have no gauges. */
    private void queue(Tags tags, ConsumerTotals sums, MonitoredState.MonitoredConsumer monitored) {
        QueueMonitor queue = monitored.queue();
        if (queue != null) {
            QueueMeters claiming = new QueueMeters(registry, tags);
            claiming.claims(sums).forEach(meter -> keep(tags, meter));
            if (monitored.route() != null) {
                claiming.items(queue).forEach(meter -> keep(tags, meter));
            }
        }
    }

    private void items(Tags tags, String outcome, ConsumerTotals sums, ToDoubleFunction<ConsumerCounters> count) {
        keep(
                tags,
                FunctionCounter.builder("dynastore.consumer.items", sums, totals -> totals.sum(count))
                        .tags(tags.and("outcome", outcome))
                        .description("Items that a consumer delivered, by outcome")
                        .register(registry));
    }

    @Override
    public synchronized void forgetConsumer(Object consumer) {
        remove(consumer);
        Map.Entry<Tags, ConsumerCounters> group = consumers.remove(consumer);
        ConsumerTotals sums = group == null ? null : totals.get(group.getKey());
        if (sums != null && sums.remove(group.getValue())) {
            totals.remove(group.getKey());
            remove(group.getKey());
        }
    }

    @Override
    public void repository(MonitoredRepository repository) {
        Tags tags = tags(repository.table()).and("kind", repository.kind(), "repository", repository.name());
        repository
                .entries()
                .forEach((state, number) -> keep(
                        repository,
                        Gauge.builder("dynastore.repository.entries", number, LongSupplier::getAsLong)
                                .tags(tags.and("state", state))
                                .description("Entries that this process has in a repository, by state")
                                .strongReference(true)
                                .register(registry)));
        repository.events().forEach((event, number) -> keep(repository, events(tags.and("event", event), number)));
        repository
                .ages()
                .forEach((what, millis) -> keep(
                        repository,
                        TimeGauge.builder(
                                        "dynastore.repository.age",
                                        millis,
                                        TimeUnit.MILLISECONDS,
                                        LongSupplier::getAsLong)
                                .tags(tags.and("of", what))
                                .description("Age of the oldest entry of a repository")
                                .strongReference(true)
                                .register(registry)));
    }

    /** Counts for this binder, as the retries do. */
    private FunctionCounter events(Tags tags, LongSupplier number) {
        return FunctionCounter.builder("dynastore.repository.events", this, meters -> number.getAsLong())
                .tags(tags)
                .description("Events of a repository in this process")
                .register(registry);
    }

    @Override
    public void forgetRepository(MonitoredRepository repository) {
        remove(repository);
    }

    private static Tags tags(TableLocation table) {
        return Tags.of("table", table.table(), "location", table.place());
    }

    private void keep(Object owner, Meter meter) {
        meters.computeIfAbsent(owner, first -> new ConcurrentLinkedQueue<>()).add(meter);
    }

    private void remove(Object owner) {
        Queue<Meter> removed = meters.remove(owner);
        if (removed != null) {
            removed.forEach(registry::remove);
        }
    }
}
