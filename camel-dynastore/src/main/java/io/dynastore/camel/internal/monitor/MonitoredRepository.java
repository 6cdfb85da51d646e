/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.RepositoryMetrics;
import io.dynastore.camel.internal.client.TableLocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;

/**
 * The repositories of this process that have the same table, kind and name, as two beans may have. Their numbers are
 * added, and of their ages the greatest counts. Thread safe.
 */
public final class MonitoredRepository {

    private final TableLocation table;
    private final RepositoryMetrics first;
    private final List<RepositoryMetrics> all = new CopyOnWriteArrayList<>();

    MonitoredRepository(TableLocation table, RepositoryMetrics first) {
        this.table = table;
        this.first = first;
    }

    void add(RepositoryMetrics metrics) {
        all.add(metrics);
    }

    public TableLocation table() {
        return table;
    }

    public String kind() {
        return first.kind();
    }

    public String name() {
        return first.name();
    }

    /** Numbers that rise and fall, by state. */
    public Map<String, LongSupplier> entries() {
        return joined(RepositoryMetrics::entries, Long::sum);
    }

    /** Numbers that only rise, by event. */
    public Map<String, LongSupplier> events() {
        return joined(RepositoryMetrics::events, Long::sum);
    }

    /** Times in milliseconds, by what they measure. */
    public Map<String, LongSupplier> ages() {
        return joined(RepositoryMetrics::ages, Math::max);
    }

    private Map<String, LongSupplier> joined(
            Function<RepositoryMetrics, Map<String, LongSupplier>> kind, LongBinaryOperator join) {
        Map<String, LongSupplier> joined = new LinkedHashMap<>();
        kind.apply(first).keySet().forEach(name -> joined.put(name, () -> joined(kind, name, join)));
        return joined;
    }

    private long joined(
            Function<RepositoryMetrics, Map<String, LongSupplier>> kind, String name, LongBinaryOperator join) {
        long joined = 0;
        for (RepositoryMetrics metrics : all) {
            LongSupplier number = kind.apply(metrics).get(name);
            joined = number == null ? joined : join.applyAsLong(joined, number.getAsLong());
        }
        return joined;
    }
}
