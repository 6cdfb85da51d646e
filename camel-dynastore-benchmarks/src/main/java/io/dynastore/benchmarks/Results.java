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

/** Collects what the processes print, and prints medians with their spread. Not thread safe. */
final class Results {

    private static final int MANY = 8;

    private final Map<String, Map<Subjects, List<Figures>>> cells = new LinkedHashMap<>();
    private final Map<String, List<double[]>> overhead = new LinkedHashMap<>();
    private final Map<String, List<double[]>> reading = new LinkedHashMap<>();

    /** What was measured of a subject; of all of them equally often. */
    void cell(Subjects subject, Cell cell, Figures figures) {
        cells.computeIfAbsent(cell.text(), text -> new LinkedHashMap<>())
                .computeIfAbsent(subject, each -> new ArrayList<>())
                .add(figures);
    }

    /** A line of {@link Overhead}: what a step takes by hand and of the component. */
    void overhead(String line) {
        overhead.computeIfAbsent(line.split("\t", -1)[0], step -> new ArrayList<>())
                .add(numbers(line, 1));
    }

    /** A line of {@link ReadingTrial}: items a second of the component and of the paginator. */
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

    /** Prints first what was aimed at, and then everything. A ratio is the median of those of each round. */
    void print(PrintStream out, List<Subjects> subjects) {
        targets(out);
        cells.forEach((cell, measured) -> {
            out.printf("%n### %s%n%n", cell);
            out.println(
                    "| | steps/s | beside camel-aws2-ddb | CPU µs | KB allocated | p50 µs | p99 | p99.9 | threads |");
            out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            for (Subjects subject : subjects) {
                row(out, subject, cell, measured);
            }
        });
        overhead(out);
        reading(out);
    }

    private void targets(PrintStream out) {
        out.printf("%n### Targets%n%n| | target | measured |%n| --- | --- | --- |%n");
        for (Step step : List.of(Step.CREATE, Step.UPDATE, Step.GET)) {
            List<double[]> warm = warm(overhead.getOrDefault(step.text(), List.of()));
            target(out, step.text() + ": CPU above the same request by hand, µs", "5 at most", column(warm, 2));
            target(out, step.text() + ": bytes above it", "3072 at most", column(warm, 5));
        }
        for (Step step : List.of(Step.UPDATE, Step.GET)) {
            beside(out, new Cell(step, 512, 5, Cell.ROUTE_THREADS), "2 at least");
            beside(out, new Cell(step, 512, 20, Cell.ROUTE_THREADS), "4 at least");
        }
        for (Step step : List.of(Step.CREATE, Step.UPDATE, Step.GET)) {
            beside(out, new Cell(step, 8, 0, 0), "0.85 at least");
            beside(out, new Cell(step, 64, 0, 0), "1.1 at least");
            String one = new Cell(step, 1, 0, 0).text();
            target(
                    out,
                    one + ": p50 beside camel-aws2-ddb",
                    "1.2 at most",
                    ratios(one, Subjects.DYNASTORE, Figures::p50));
        }
        reading.forEach((what, all) -> target(
                out,
                what + ": items beside the SDK's paginator",
                what.endsWith("no work") ? "reported" : "0.95 at least",
                ratios(column(all, 0), column(all, 1))));
    }

    private void beside(PrintStream out, Cell cell, String target) {
        target(
                out,
                cell.text() + ": steps beside camel-aws2-ddb",
                target,
                ratios(cell.text(), Subjects.DYNASTORE, Figures::perSecond));
    }

    private List<Double> ratios(String cell, Subjects subject, ToDoubleFunction<Figures> value) {
        Map<Subjects, List<Figures>> measured = cells.getOrDefault(cell, Map.of());
        return ratios(
                values(measured.getOrDefault(subject, List.of()), value),
                values(measured.getOrDefault(Subjects.CAMEL_DDB, List.of()), value));
    }

    /** Of those that were measured right after each other. */
    private static List<Double> ratios(List<Double> these, List<Double> those) {
        return IntStream.range(0, Math.min(these.size(), those.size()))
                .mapToObj(i -> these.get(i) / those.get(i))
                .toList();
    }

    private static void target(PrintStream out, String what, String target, List<Double> measured) {
        if (!measured.isEmpty()) {
            out.printf("| %s | %s | %s |%n", what, target, spread(measured, "%.2f"));
        }
    }

    /** The first third of the turns is the compiler's. */
    private static List<double[]> warm(List<double[]> turns) {
        return turns.subList(turns.size() / 3, turns.size());
    }

    private void row(PrintStream out, Subjects subject, String cell, Map<Subjects, List<Figures>> measured) {
        List<Figures> figures = measured.getOrDefault(subject, List.of());
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.1f | %s | %.0f | %.0f | %.0f |%n",
                subject.text(),
                spread(values(figures, Figures::perSecond), "%.0f"),
                spread(ratios(cell, subject, Figures::perSecond), "%.2f"),
                spread(values(figures, Figures::cpu), "%.1f"),
                median(values(figures, Figures::allocated)),
                spread(values(figures, Figures::p50), "%.0f"),
                median(values(figures, Figures::p99)),
                median(values(figures, Figures::p999)),
                median(values(figures, each -> each.threads())));
    }

    private void overhead(PrintStream out) {
        out.printf("%n### Above the same request by hand, without a network%n%n");
        out.println("| | CPU by hand µs | CPU above | bytes by hand | bytes above |");
        out.println("| --- | --- | --- | --- | --- |");
        overhead.forEach((step, all) -> {
            List<double[]> warm = warm(all);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.0f |%n",
                    step,
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

    private static List<Double> values(Collection<Figures> figures, ToDoubleFunction<Figures> value) {
        return figures.stream().map(each -> value.applyAsDouble(each)).toList();
    }

    private static List<Double> column(List<double[]> rows, int column) {
        return rows.stream().map(row -> row[column]).toList();
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median, and the smallest and the largest value; of many, those that a quarter is below and above. */
    private static String spread(List<Double> values, String format) {
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
