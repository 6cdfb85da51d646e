/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.client.RetryCounter;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.lease.Lease;
import io.dynastore.lease.Locks;
import io.dynastore.store.metrics.StoreMetrics;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators may look at: the tables that started endpoints work on, what is consumed of them, and the locks held. Thread safe. */
public final class MonitoredState {

    /**
     * A table.
     *
     * @param metrics of all endpoints together
     * @param endpoints how many are started
     */
    private record Table(StoreMetrics metrics, int endpoints) {}

    /**
     * A consumer.
     *
     * @param route its id; null for pollEnrich
     * @param context what it works with
     */
    public record MonitoredConsumer(@Nullable String route, ConsumerContext context) {}

    private final Map<TableLocation, Table> tables = new ConcurrentHashMap<>();
    private final Map<Object, MonitoredConsumer> consumers = new ConcurrentHashMap<>();
    private final Set<Locks> locks = Collections.newSetFromMap(new WeakHashMap<>());
    private final RetryCounter retries = new RetryCounter();
    private final Supplier<MetricsBinder> source;
    private MetricsBinder binder = MetricsBinder.NONE;

    /**
     * Nothing yet.
     *
     * @param source where metrics are passed on to; asked when a table or a consumer comes, until there is something
     */
    public MonitoredState(Supplier<MetricsBinder> source) {
        this.source = source;
    }

    /** An endpoint starts. Returns where its calls are counted, with those of the other endpoints of the table. */
    public synchronized StoreMetrics endpointStarts(TableLocation location) {
        Table known = tables.get(location);
        Table used = known == null ? new Table(begin(location), 1) : new Table(known.metrics, known.endpoints + 1);
        tables.put(location, used);
        return used.metrics;
    }

    private StoreMetrics begin(TableLocation location) {
        MetricsBinder to = binder();
        to.table(
                location,
                () -> leases().values().stream()
                        .filter(location.table()::equals)
                        .count(),
                () -> retries.of(location).values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        return new StoreMetrics((operation, result, metrics) -> to.first(location, operation, metrics, result));
    }

    /** An endpoint stops. What was counted is forgotten with the table's last one. */
    public synchronized void endpointStops(TableLocation location) {
        Table known = tables.get(location);
        if (known != null && known.endpoints > 1) {
            tables.put(location, new Table(known.metrics, known.endpoints - 1));
        } else if (tables.remove(location) != null) {
            retries.forget(location);
            binder.forget(location);
        }
    }

    private synchronized MetricsBinder binder() {
        if (binder == MetricsBinder.NONE) {
            binder = source.get();
        }
        return binder;
    }

    /** A consumer starts. */
    public void consumerStarts(Object consumer, MonitoredConsumer monitored) {
        consumers.put(consumer, monitored);
        binder().consumer(consumer, monitored);
    }

    /** A consumer stops, if it has started. */
    public void consumerStops(Object consumer) {
        if (consumers.remove(consumer) != null) {
            binder().forgetConsumer(consumer);
        }
    }

    /** Locks may be held here from now on. Those that were closed hold none, and need not be taken away. */
    public synchronized void locksOpen(Locks opened) {
        locks.add(opened);
    }

    private synchronized List<Locks> locks() {
        return List.copyOf(locks);
    }

    /** The metrics of each table, by its name. */
    public Map<TableLocation, StoreMetrics> tables() {
        Map<TableLocation, StoreMetrics> metrics = new TreeMap<>(TableLocation.BY_NAME);
        tables.forEach((location, table) -> metrics.put(location, table.metrics));
        return metrics;
    }

    public Collection<MonitoredConsumer> consumers() {
        return List.copyOf(consumers.values());
    }

    /** The leases that are held, with the table of each. */
    public Map<Lease, String> leases() {
        Map<Lease, String> leases = new LinkedHashMap<>();
        locks().forEach(open ->
                open.held().forEach(lease -> leases.put(lease, open.schema().table())));
        return leases;
    }

    public RetryCounter retries() {
        return retries;
    }
}
