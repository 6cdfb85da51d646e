/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a repository on a table shows in the developer console and the metrics. The suppliers are called from any
 * thread, at each look and each scrape. So they must be cheap, send nothing and throw nothing. Immutable.
 *
 * @param kind the kind of the repository, as {@code idempotent}
 * @param name the name of the repository
 * @param entries numbers that rise and fall, by the state that they count, as {@code inFlight}
 * @param events numbers that only rise, by the event that they count, as {@code added}
 * @param ages times in milliseconds, by what they measure, as {@code oldest}; 0 if there is nothing to measure
 */
public record RepositoryMetrics(
        String kind,
        String name,
        Map<String, LongSupplier> entries,
        Map<String, LongSupplier> events,
        Map<String, LongSupplier> ages) {

    public RepositoryMetrics {
        entries = ordered(entries);
        events = ordered(events);
        ages = ordered(ages);
    }

    /** Metrics of a repository, without numbers. */
    public static RepositoryMetrics of(String kind, String name) {
        return new RepositoryMetrics(kind, name, Map.of(), Map.of(), Map.of());
    }

    /** These metrics, with a number of entries that rises and falls. */
    public RepositoryMetrics withEntries(String state, LongSupplier number) {
        return new RepositoryMetrics(kind, name, with(entries, state, number), events, ages);
    }

    /** These metrics, with a number of events that only rises. */
    public RepositoryMetrics withEvents(String event, LongSupplier number) {
        return new RepositoryMetrics(kind, name, entries, with(events, event, number), ages);
    }

    /** These metrics, with a time in milliseconds. */
    public RepositoryMetrics withAge(String what, LongSupplier millis) {
        return new RepositoryMetrics(kind, name, entries, events, with(ages, what, millis));
    }

    private static Map<String, LongSupplier> with(Map<String, LongSupplier> numbers, String name, LongSupplier number) {
        Map<String, LongSupplier> more = new LinkedHashMap<>(numbers);
        more.put(name, number);
        return more;
    }

    private static Map<String, LongSupplier> ordered(Map<String, LongSupplier> numbers) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }
}
