/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and checks of the routes, and the lines that a job prints. Thread safe. */
final class Report {

    private static final Logger CONSOLE = LoggerFactory.getLogger("console");

    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
    private final ConcurrentMap<String, Sales> imported = new ConcurrentHashMap<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final long started = System.nanoTime();
    private volatile @Nullable Step step;

    /** The current step, and the counter that shows its progress. */
    private record Step(String name, Counter progress, long since) {}

    Report() {
        for (Counter counter : Counter.values()) {
            counters.put(counter, new LongAdder());
        }
    }

    void begin(String name, Counter progress) {
        step = new Step(name, progress, System.nanoTime());
    }

    void add(Counter counter, long count) {
        Objects.requireNonNull(counters.get(counter)).add(count);
    }

    long get(Counter counter) {
        return Objects.requireNonNull(counters.get(counter)).sum();
    }

    void imported(Receipt receipt) {
        add(Counter.IMPORTED, 1);
        imported.merge(receipt.store(), Sales.of(receipt), Sales::plus);
    }

    /** The receipts that were imported for this store. */
    Sales imported(String store) {
        return imported.getOrDefault(store, Sales.NONE);
    }

    int stores() {
        return imported.size();
    }

    /** Records whether a check passed. The job continues in either case. */
    void check(boolean passed, String what) {
        checks.incrementAndGet();
        if (!passed) {
            failures.add(what);
            line("FAILED: %s", what);
        }
    }

    int checks() {
        return checks.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Prints the count of the current step and its rate. */
    void progress() {
        Step now = step;
        if (now != null && get(now.progress()) > 0) {
            line("  ... %,d %s, %s", get(now.progress()), now.progress().text(), rate(now.progress()));
        }
    }

    /** Ends the step with one line, which begins with its name. */
    void result(String format, @Nullable Object... values) {
        Step now = step;
        step = null;
        line("%-10s%s", now == null ? "" : now.name(), String.format(Locale.ROOT, format, values));
    }

    void line(String format, @Nullable Object... values) {
        CONSOLE.info(String.format(Locale.ROOT, format, values));
    }

    /** The count a second since the step began. */
    String rate(Counter counter) {
        return String.format(Locale.ROOT, "%,d/s", Math.round(get(counter) / stepSeconds()));
    }

    double stepSeconds() {
        Step now = step;
        return seconds(now == null ? started : now.since());
    }

    double seconds() {
        return seconds(started);
    }

    private static double seconds(long since) {
        return Math.max(1, System.nanoTime() - since) / 1e9;
    }
}
