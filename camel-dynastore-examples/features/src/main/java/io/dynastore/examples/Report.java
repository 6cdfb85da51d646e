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

/** What happened: counted and checked by the routes, told to whoever watches. Thread safe. */
final class Report {

    private static final Logger CONSOLE = LoggerFactory.getLogger("console");

    private final Map<Figure, LongAdder> figures = new EnumMap<>(Figure.class);
    private final ConcurrentMap<String, Sales> imported = new ConcurrentHashMap<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final long started = System.nanoTime();
    private volatile @Nullable Step step;

    /** The step under way; which figure shows how far it is. */
    private record Step(String name, Figure progress, long since) {}

    Report() {
        for (Figure figure : Figure.values()) {
            figures.put(figure, new LongAdder());
        }
    }

    void begin(String name, Figure progress) {
        step = new Step(name, progress, System.nanoTime());
    }

    void add(Figure figure, long count) {
        Objects.requireNonNull(figures.get(figure)).add(count);
    }

    long get(Figure figure) {
        return Objects.requireNonNull(figures.get(figure)).sum();
    }

    void imported(Receipt receipt) {
        add(Figure.IMPORTED, 1);
        imported.merge(receipt.store(), Sales.of(receipt), Sales::plus);
    }

    /** What was imported for this store. */
    Sales imported(String store) {
        return imported.getOrDefault(store, Sales.NONE);
    }

    int stores() {
        return imported.size();
    }

    /** Notes whether it is as it has to be; the job goes on either way. */
    void check(boolean right, String what) {
        checks.incrementAndGet();
        if (!right) {
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

    /** How far the step is, and how fast it goes. */
    void progress() {
        Step now = step;
        if (now != null && get(now.progress()) > 0) {
            line("  ... %,d %s, %s", get(now.progress()), now.progress().text(), rate(now.progress()));
        }
    }

    /** One line on the step, with its name before it. */
    void told(String format, @Nullable Object... values) {
        Step now = step;
        step = null;
        line("%-10s%s", now == null ? "" : now.name(), String.format(Locale.ROOT, format, values));
    }

    void line(String format, @Nullable Object... values) {
        CONSOLE.info(String.format(Locale.ROOT, format, values));
    }

    /** So many a second since the step began. */
    String rate(Figure figure) {
        return String.format(Locale.ROOT, "%,d/s", Math.round(get(figure) / stepSeconds()));
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
