/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.RetryCounter;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.QueueMonitor;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state that operators may see: tables of started endpoints, their consumers, the locks held, and repositories.
 * Thread safe.
 */
public final class MonitoredState {

    /** What is counted: the calls of the store, and the operations on locks. */
    private static final List<String> OPERATIONS =
            Stream.of(DynaStoreOperation.values()).map(DynaStoreOperation::text).toList();

    /**
     * A table.
     *
     * @param metrics the metrics of all its endpoints together
     * @param endpoints the number of its started endpoints
     */
    private record Table(StoreMetrics metrics, int endpoints) {}

    /**
     * A consumer.
     *
     * @param route its id; null for pollEnrich
     * @param context what it works with
     * @param queue its queue; null if it does not claim
     */
    public record MonitoredConsumer(
            @Nullable String route,
            ConsumerContext context,
            @Nullable QueueMonitor queue) {}

    private final Map<TableLocation, Table> tables = new ConcurrentHashMap<>();
    private final Map<Object, MonitoredConsumer> consumers = new ConcurrentHashMap<>();
    private final Set<Locks> locks = Collections.newSetFromMap(new WeakHashMap<>());
    private final RetryCounter retries = new RetryCounter();
    private final MonitoredRepositories repositories;
    private final Supplier<MetricsBinder> source;
    private MetricsBinder binder = MetricsBinder.NONE;

    /**
     * A state without tables, consumers and locks.
     *
     * @param source gives the binder; called at the start of a table or a consumer, until it gives one
     */
    public MonitoredState(Supplier<MetricsBinder> source) {
        this.source = source;
        this.repositories = new MonitoredRepositories(this::binder);
    }

    /** An endpoint starts. Returns the metrics that count its calls, shared by all endpoints of the table. */
    public synchronized StoreMetrics endpointStarts(TableLocation location) {
        Table known = tables.get(location);
        Table used = known == null ? new Table(begin(location), 1) : new Table(known.metrics, known.endpoints + 1);
        tables.put(location, used);
        return used.metrics;
    }

    private StoreMetrics begin(TableLocation location) {
        retries.begin(location);
        MetricsBinder to = binder();
        to.table(
                location,
                () -> leases().values().stream()
                        .filter(location.table()::equals)
                        .count(),
                () -> retries.of(location).values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        return new StoreMetrics(OPERATIONS, (operation, result, metrics) -> {
            // A call that ends after its endpoint must not bring the meters of the table back.
            if (tables.containsKey(location)) {
                to.first(location, operation, metrics, result);
            }
        });
    }

    /** An endpoint stops. Returns whether it was the last of its table: then the table's metrics are dropped. */
    public synchronized boolean endpointStops(TableLocation location) {
        Table known = tables.get(location);
        if (known != null && known.endpoints > 1) {
            tables.put(location, new Table(known.metrics, known.endpoints - 1));
            return false;
        } else if (tables.remove(location) != null) {
            retries.forget(location);
            binder.forget(location);
        }
        return true;
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

    /** A consumer stops. Does nothing if it has not started. */
    public void consumerStops(Object consumer) {
        if (consumers.remove(consumer) != null) {
            binder().forgetConsumer(consumer);
        }
    }

    /** Includes locks from now on. They need not be removed: closed locks hold no lease. */
    public synchronized void locksOpen(Locks opened) {
        locks.add(opened);
    }

    private synchronized List<Locks> locks() {
        return List.copyOf(locks);
    }

    /** The metrics of each table, sorted by name. */
    public Map<TableLocation, StoreMetrics> tables() {
        Map<TableLocation, StoreMetrics> metrics = new TreeMap<>(TableLocation.BY_NAME);
        tables.forEach((location, table) -> metrics.put(location, table.metrics));
        return metrics;
    }

    public Collection<MonitoredConsumer> consumers() {
        return List.copyOf(consumers.values());
    }

    /** The leases that this process holds, with the table of each. */
    public Map<Lease, String> leases() {
        Map<Lease, String> leases = new LinkedHashMap<>();
        locks().forEach(open ->
                open.held().forEach(lease -> leases.put(lease, open.schema().table())));
        return leases;
    }

    /** The repositories that have started. */
    public MonitoredRepositories repositories() {
        return repositories;
    }

    /** The retries of the component's clients. */
    public RetryCounter retries() {
        return retries;
    }
}
