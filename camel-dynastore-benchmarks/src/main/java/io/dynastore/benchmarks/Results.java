/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Collects the output of the processes, and prints medians with their spread. Not thread safe. */
final class Results {

    private static final int MANY = 8;

    /** The operations on one item. */
    private static final List<BenchmarkOperation> SINGLE_ITEM =
            List.of(BenchmarkOperation.CREATE, BenchmarkOperation.UPDATE, BenchmarkOperation.GET);

    private final Map<String, Map<Subjects, List<Measurement>>> cases = new LinkedHashMap<>();
    private final Map<String, List<double[]>> overhead = new LinkedHashMap<>();
    private final Map<String, List<double[]>> reading = new LinkedHashMap<>();

    /** Adds a measurement of a subject. Each case has to be measured equally often for all subjects. */
    void add(Subjects subject, BenchmarkCase benchmarkCase, Measurement measurement) {
        cases.computeIfAbsent(benchmarkCase.text(), text -> new LinkedHashMap<>())
                .computeIfAbsent(subject, each -> new ArrayList<>())
                .add(measurement);
    }

    /** Adds a line of {@link Overhead}: the cost of an operation by hand and of the component. */
    void overhead(String line) {
        overhead.computeIfAbsent(line.split("\t", -1)[0], operation -> new ArrayList<>())
                .add(numbers(line, 1));
    }

    /** Adds a line of {@link ReadingTrial}: items per second of the component and of the paginator. */
    void reading(String line) {
        if (line.startsWith("READ\t")) {
            reading.computeIfAbsent(line.split("\t", -1)[1], what -> new ArrayList<>())
                    .add(numbers(line, 2));
        }
    }

    private static double[] numbers(String line, int from) {
        String[] parts = line.split("\t", -1);
        double[] numbers = new double[parts.length - from];
        for (int i = from; i < parts.length; i++) {
            numbers[i - from] = Double.parseDouble(parts[i]);
        }
        return numbers;
    }

    /** Prints the targets first, then everything. A ratio is the median of the ratios of all rounds. */
    void print(PrintStream out, List<Subjects> subjects) {
        targets(out);
        cases.forEach((benchmarkCase, measured) -> {
            out.printf("%n### %s%n%n", benchmarkCase);
            out.println(
                    "| | steps/s | beside camel-aws2-ddb | CPU µs | KB allocated | p50 µs | p99 | p99.9 | threads |");
            out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            for (Subjects subject : subjects) {
                row(out, subject, benchmarkCase, measured);
            }
        });
        overhead(out);
        reading(out);
    }

    private void targets(PrintStream out) {
        out.printf("%n### Targets%n%n| | target | measured |%n| --- | --- | --- |%n");
        SINGLE_ITEM.forEach(operation -> overheadTargets(out, operation));
        for (BenchmarkOperation operation : List.of(BenchmarkOperation.UPDATE, BenchmarkOperation.GET)) {
            beside(out, new BenchmarkCase(operation, 512, 5, BenchmarkCase.ROUTE_THREADS), "2 at least");
            beside(out, new BenchmarkCase(operation, 512, 20, BenchmarkCase.ROUTE_THREADS), "4 at least");
            leanThreadTargets(out, operation);
        }
        SINGLE_ITEM.forEach(operation -> targetsWithoutDelay(out, operation));
        SINGLE_ITEM.forEach(operation -> leanTargets(out, operation));
        leanPageTargets(out);
        for (BenchmarkOperation operation : List.of(BenchmarkOperation.UPDATE, BenchmarkOperation.GET)) {
            leanTls(out, operation);
        }
        reading.forEach((what, all) -> target(
                out,
                what + ": items beside the SDK's paginator",
                readingTarget(what),
                ratios(column(all, 0), column(all, 1))));
    }

    private static String readingTarget(String what) {
        if (what.contains("client=auto")) {
            return what.contains("no work") ? "1.2 at least" : "2 at least";
        }
        return what.contains("no work") ? "reported" : "0.95 at least";
    }

    private void overheadTargets(PrintStream out, BenchmarkOperation operation) {
        List<double[]> warm = warm(overhead.getOrDefault(operation.text(), List.of()));
        target(out, operation.text() + ": CPU above the same request by hand, µs", "5 at most", column(warm, 2));
        target(out, operation.text() + ": bytes above it", "3072 at most", column(warm, 5));
    }

    private void targetsWithoutDelay(PrintStream out, BenchmarkOperation operation) {
        beside(out, new BenchmarkCase(operation, 8, 0, 0), "0.85 at least");
        beside(out, new BenchmarkCase(operation, 64, 0, 0), "1.1 at least");
        String one = new BenchmarkCase(operation, 1, 0, 0).text();
        target(
                out,
                one + ": p50 beside camel-aws2-ddb",
                "1.2 at most",
                ratios(one, Subjects.DYNASTORE, Measurement::p50));
    }

    /** Those of the client that makes first attempts itself. */
    private void leanTargets(PrintStream out, BenchmarkOperation operation) {
        lean(out, new BenchmarkCase(operation, 1, 0, 0), "CPU", "0.7 at most", Measurement::cpu);
        lean(out, new BenchmarkCase(operation, 8, 0, 0), "CPU", "0.45 at most", Measurement::cpu);
        lean(out, new BenchmarkCase(operation, 64, 0, 0), "CPU", "0.45 at most", Measurement::cpu);
        lean(out, new BenchmarkCase(operation, 1, 0, 0), "p50", "0.95 at most", Measurement::p50);
        lean(out, new BenchmarkCase(operation, 8, 0, 0), "steps", "2 at least", Measurement::perSecond);
        lean(out, new BenchmarkCase(operation, 64, 0, 0), "steps", "2.2 at least", Measurement::perSecond);
        String eight = new BenchmarkCase(operation, 8, 0, 0).text();
        Map<Subjects, List<Measurement>> measured = cases.getOrDefault(eight, Map.of());
        target(
                out,
                eight + ", client=auto: bytes beside client=sdk",
                "0.35 at most",
                ratios(
                        values(measured.getOrDefault(Subjects.DYNASTORE_AUTO, List.of()), Measurement::allocated),
                        values(measured.getOrDefault(Subjects.DYNASTORE, List.of()), Measurement::allocated)));
    }

    private void leanThreadTargets(PrintStream out, BenchmarkOperation operation) {
        int threads = BenchmarkCase.ROUTE_THREADS;
        lean(out, new BenchmarkCase(operation, 512, 5, threads), "steps", "3 at least", Measurement::perSecond);
        lean(out, new BenchmarkCase(operation, 512, 20, threads), "steps", "8 at least", Measurement::perSecond);
    }

    private void leanTls(PrintStream out, BenchmarkOperation operation) {
        for (int inFlight : new int[] {1, 8, 64}) {
            BenchmarkCase tls = new BenchmarkCase(operation, inFlight, 0, 0, true);
            lean(out, tls, "CPU", "reported", Measurement::cpu);
            lean(out, tls, "steps", "reported", Measurement::perSecond);
        }
    }

    private void leanPageTargets(PrintStream out) {
        BenchmarkCase one = new BenchmarkCase(BenchmarkOperation.PAGE, 1, 0, 0);
        BenchmarkCase eight = new BenchmarkCase(BenchmarkOperation.PAGE, 8, 0, 0);
        lean(out, one, "steps", "1.5 at least", Measurement::perSecond);
        lean(out, eight, "steps", "1.5 at least", Measurement::perSecond);
        lean(out, eight, "bytes", "0.6 at most", Measurement::allocated);
    }

    private void lean(
            PrintStream out,
            BenchmarkCase benchmarkCase,
            String what,
            String target,
            ToDoubleFunction<Measurement> value) {
        target(
                out,
                benchmarkCase.text() + ", client=auto: " + what + " beside camel-aws2-ddb",
                target,
                ratios(benchmarkCase.text(), Subjects.DYNASTORE_AUTO, value));
    }

    private void beside(PrintStream out, BenchmarkCase benchmarkCase, String target) {
        target(
                out,
                benchmarkCase.text() + ": steps beside camel-aws2-ddb",
                target,
                ratios(benchmarkCase.text(), Subjects.DYNASTORE, Measurement::perSecond));
    }

    private List<Double> ratios(String benchmarkCase, Subjects subject, ToDoubleFunction<Measurement> value) {
        Map<Subjects, List<Measurement>> measured = cases.getOrDefault(benchmarkCase, Map.of());
        return ratios(
                values(measured.getOrDefault(subject, List.of()), value),
                values(measured.getOrDefault(Subjects.CAMEL_DDB, List.of()), value));
    }

    /** The ratios of values that were measured right after each other. */
    static List<Double> ratios(List<Double> these, List<Double> those) {
        return IntStream.range(0, Math.min(these.size(), those.size()))
                .mapToObj(i -> these.get(i) / those.get(i))
                .toList();
    }

    private static void target(PrintStream out, String what, String target, List<Double> measured) {
        if (!measured.isEmpty()) {
            out.printf("| %s | %s | %s |%n", what, target, spread(measured, "%.2f"));
        }
    }

    /** Without the first third of the turns, in which the compiler still works. */
    private static List<double[]> warm(List<double[]> turns) {
        return turns.subList(turns.size() / 3, turns.size());
    }

    private void row(
            PrintStream out, Subjects subject, String benchmarkCase, Map<Subjects, List<Measurement>> measured) {
        List<Measurement> measurements = measured.getOrDefault(subject, List.of());
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.1f | %s | %.0f | %.0f | %.0f |%n",
                subject.text(),
                spread(values(measurements, Measurement::perSecond), "%.0f"),
                spread(ratios(benchmarkCase, subject, Measurement::perSecond), "%.2f"),
                spread(values(measurements, Measurement::cpu), "%.1f"),
                median(values(measurements, Measurement::allocated)),
                spread(values(measurements, Measurement::p50), "%.0f"),
                median(values(measurements, Measurement::p99)),
                median(values(measurements, Measurement::p999)),
                median(values(measurements, each -> each.threads())));
    }

    private void overhead(PrintStream out) {
        out.printf("%n### Above the same request by hand, without a network%n%n");
        out.println("| | CPU by hand µs | CPU above | bytes by hand | bytes above |");
        out.println("| --- | --- | --- | --- | --- |");
        overhead.forEach((operation, all) -> {
            List<double[]> warm = warm(all);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.0f |%n",
                    operation,
                    spread(column(warm, 0), "%.1f"),
                    spread(column(warm, 2), "%.1f"),
                    median(column(warm, 3)),
                    median(column(warm, 5)));
        });
    }

    private void reading(PrintStream out) {
        out.printf("%n### Reading 100,000 items%n%n");
        out.println("| | items/s | of the SDK's paginator | ratio |");
        out.println("| --- | --- | --- | --- |");
        reading.forEach((what, all) -> out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s |%n",
                what,
                spread(column(all, 0), "%.0f"),
                spread(column(all, 1), "%.0f"),
                spread(ratios(column(all, 0), column(all, 1)), "%.2f")));
    }

    static List<Double> values(Collection<Measurement> measurements, ToDoubleFunction<Measurement> value) {
        return measurements.stream().map(each -> value.applyAsDouble(each)).toList();
    }

    private static List<Double> column(List<double[]> rows, int column) {
        return rows.stream().map(row -> row[column]).toList();
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median with the smallest and the largest value, or with the quartiles if there are many values. */
    static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted().toList();
        int outer = sorted.size() < MANY ? 0 : sorted.size() / 4;
        String one = String.format(Locale.ROOT, format, median(sorted));
        return sorted.size() < 2
                ? one
                : one
                        + String.format(
                                Locale.ROOT,
                                " (" + format + " to " + format + ")",
                                sorted.get(outer),
                                sorted.get(sorted.size() - 1 - outer));
    }
}
