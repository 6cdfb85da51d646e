/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.QueueMonitor;
import io.dynastore.camel.internal.monitor.ConsoleText;
import io.dynastore.camel.internal.monitor.MonitoredRepository;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.group.GroupCounters;
import io.dynastore.group.GroupMember;
import io.dynastore.group.PartitionLease;
import io.dynastore.lease.Lease;
import io.dynastore.queue.QueueCount;
import io.dynastore.store.BulkProgress;
import io.dynastore.store.Key;
import io.dynastore.store.internal.page.PageToken;
import io.dynastore.store.metrics.CallStatus;
import io.dynastore.store.metrics.LatencySnapshot;
import io.dynastore.store.metrics.OperationMetrics;
import io.dynastore.store.metrics.StoreMetrics;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Shows what the component has done since its endpoints started, and what it holds. It shows keys of locks and
 * positions, but never a payload or a credential. It sends no requests to the service.
 */
@DevConsole(
        name = "dynastore",
        displayName = "DynaStore",
        description = "Tables, operations, consumers, locks and repositories of DynaStore")
public class DynaStoreDevConsole extends AbstractDevConsole {

    public DynaStoreDevConsole() {
        super(
                "dynastore",
                "dynastore",
                "DynaStore",
                "Tables, operations, consumers, locks and repositories of DynaStore");
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        return ConsoleText.of(doCallJson(options));
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        JsonArray tables = new JsonArray();
        JsonArray consumers = new JsonArray();
        JsonArray locks = new JsonArray();
        monitored().forEach(monitored -> {
            monitored.tables().forEach((location, metrics) -> tables.add(table(monitored, location, metrics)));
            monitored.consumers().stream()
                    .map(DynaStoreDevConsole::consumer)
                    .sorted(Comparator.comparing(consumer -> consumer.getStringOrDefault("route", "")))
                    .forEach(consumers::add);
            monitored.leases().forEach((lease, table) -> locks.add(lock(table, lease)));
        });
        JsonArray repositories = new JsonArray();
        monitored()
                .flatMap(monitored -> monitored.repositories().all().stream())
                .map(DynaStoreDevConsole::repository)
                .forEach(repositories::add);
        JsonObject all = new JsonObject();
        all.put("tables", tables);
        all.put("consumers", consumers);
        all.put("locks", locks);
        all.put("repositories", repositories);
        return all;
    }

    /** A component may have been added under another name than its own. */
    private Stream<MonitoredState> monitored() {
        return getCamelContext().getComponentNames().stream()
                .map(name -> getCamelContext().hasComponent(name))
                .filter(DynaStoreComponent.class::isInstance)
                .map(component -> ((DynaStoreComponent) component).monitored());
    }

    private static JsonObject table(MonitoredState monitored, TableLocation location, StoreMetrics metrics) {
        JsonObject operations = new JsonObject();
        metrics.all().forEach((operation, calls) -> {
            if (calls.calls() > 0) {
                operations.put(operation, operation(calls));
            }
        });
        JsonObject table = new JsonObject();
        table.put("table", location.table());
        table.put("region", location.region());
        if (!location.endpoint().isEmpty()) {
            table.put("endpoint", location.endpoint());
        }
        table.put("operations", operations);
        JsonArray running = new JsonArray();
        metrics.running().forEach(bulk -> running.add(bulk(bulk)));
        if (!running.isEmpty()) {
            table.put("running", running);
        }
        table.put("retries", new JsonObject(monitored.retries().of(location)));
        return table;
    }

    private static JsonObject bulk(BulkProgress progress) {
        JsonObject bulk = new JsonObject();
        bulk.put("operation", progress.operation().text());
        bulk.put("taken", progress.taken());
        bulk.put("written", progress.written());
        bulk.put("failed", progress.failed());
        bulk.put("inFlight", progress.inFlight());
        bulk.put("limit", progress.limit());
        return bulk;
    }

    private static JsonObject operation(OperationMetrics metrics) {
        JsonObject results = new JsonObject();
        for (CallStatus result : CallStatus.values()) {
            if (metrics.calls(result) > 0) {
                results.put(result.text(), metrics.calls(result));
            }
        }
        JsonObject operation = new JsonObject();
        operation.put("calls", metrics.calls());
        operation.put("results", results);
        operation.put("consumedCapacity", metrics.consumedCapacity());
        operation.put("latencyMillis", latency(metrics.latency()));
        return operation;
    }

    private static JsonObject latency(LatencySnapshot latency) {
        JsonObject millis = new JsonObject();
        millis.put("mean", millis(latency.mean()));
        millis.put("p50", millis(latency.median()));
        millis.put("p99", millis(latency.p99()));
        millis.put("max", millis(latency.max()));
        return millis;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    private static JsonObject consumer(MonitoredState.MonitoredConsumer monitored) {
        ConsumerContext context = monitored.context();
        JsonObject positions = new JsonObject();
        context.positions()
                .known()
                .forEach((partition, token) -> positions.put(partition.toString(), PageToken.shown(token)));
        JsonObject consumer = new JsonObject();
        consumer.put("route", monitored.route() == null ? "" : monitored.route());
        consumer.put("table", context.location().table());
        consumer.put("resume", context.options().resume().name().toLowerCase(Locale.ROOT));
        consumer.put("delivered", context.counters().deliveredTotal());
        consumer.put("succeeded", context.counters().succeededTotal());
        consumer.put("failed", context.counters().failedTotal());
        consumer.put("kept", context.counters().keptTotal());
        consumer.put("positions", positions);
        if (context.group() != null) {
            consumer.put("group", group(context.group().member()));
        }
        if (monitored.queue() != null) {
            consumer.put("queue", queue(context, monitored.queue()));
        }
        return consumer;
    }

    private static JsonObject group(GroupMember member) {
        JsonObject owners = new JsonObject();
        member.status().owners().forEach((partition, owner) -> owners.put(Key.shown(partition), owner));
        GroupCounters counters = member.counters();
        JsonObject group = new JsonObject();
        group.put("group", Key.shown(member.settings().group()));
        group.put("member", Key.shown(member.settings().member()));
        group.put("owned", member.readable().size());
        group.put("taken", counters.takenTotal());
        group.put("takenOver", counters.takenOverTotal());
        group.put("moved", counters.movedTotal());
        group.put("lost", counters.lostTotal());
        group.put("members", new JsonObject(member.status().members()));
        group.put("partitions", owners);
        group.put("secondsSinceCheckpoint", seconds(member, PartitionLease::sinceCheckpoint));
        group.put("secondsSinceItem", seconds(member, PartitionLease::sinceItem));
        return group;
    }

    /** Of each partition that the member has. */
    private static JsonObject seconds(GroupMember member, Function<PartitionLease, Duration> age) {
        JsonObject seconds = new JsonObject();
        member.readable()
                .forEach((partition, lease) ->
                        seconds.put(Key.shown(partition), age.apply(lease).toSeconds()));
        return seconds;
    }

    /** The items were counted up to a minute ago. The first call begins to count. */
    private static JsonObject queue(ConsumerContext context, QueueMonitor monitored) {
        JsonObject queue = new JsonObject();
        queue.put("held", monitored.held());
        queue.put("claimed", context.counters().claims().claimedTotal());
        queue.put("refused", context.counters().claims().refusedTotal());
        QueueCount count = monitored.count();
        if (count != null) {
            queue.put("due", count.due());
            queue.put("delayed", count.delayed());
            queue.put("inFlight", count.inFlight());
            queue.put("dead", count.dead());
            queue.put("complete", count.complete());
            if (count.oldestDue() != null) {
                queue.put("oldestDue", count.oldestDue().toString());
            }
        }
        return queue;
    }

    private static JsonObject lock(String table, Lease lease) {
        JsonObject lock = new JsonObject();
        lock.put("table", table);
        lock.put("key", lease.key().toString());
        lock.put("owner", Key.shown(lease.owner()));
        lock.put("token", lease.token());
        lock.put("state", lease.state().name());
        lock.put("remainingMillis", lease.remaining().toMillis());
        return lock;
    }

    private static JsonObject repository(MonitoredRepository monitored) {
        JsonObject repository = new JsonObject();
        repository.put("kind", monitored.kind());
        repository.put("name", Key.shown(monitored.name()));
        repository.put("table", monitored.table().table());
        repository.put("entries", numbers(monitored.entries()));
        repository.put("events", numbers(monitored.events()));
        if (!monitored.ages().isEmpty()) {
            repository.put("agesMillis", numbers(monitored.ages()));
        }
        return repository;
    }

    private static JsonObject numbers(Map<String, LongSupplier> suppliers) {
        JsonObject numbers = new JsonObject();
        suppliers.forEach((name, number) -> numbers.put(name, number.getAsLong()));
        return numbers;
    }
}
