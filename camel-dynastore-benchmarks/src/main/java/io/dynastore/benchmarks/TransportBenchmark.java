/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures what carries the requests of the component best: {@link Transports} under the same store and the same
 * client. Prints a Markdown table for each case. With its defaults it takes six to seven minutes on two cores.
 *
 * <p>Each transport has a process of its own, and only one works at a time. In each round all of them are measured in
 * each case, one right after another. A ratio is that to the first transport in the same round. The first round is a
 * warm-up, and not counted.
 *
 * <p>Decision 24 in docs/decisions has the reasons for what the component takes.
 *
 * <p>Settings are system properties:
 *
 * <ul>
 *   <li>{@code rounds}: how often each case is measured; 3;
 *   <li>{@code seconds}: the duration of a measurement; 0.7;
 *   <li>{@code warmUps}: seconds of warm-up for each operation before the first round; 4;
 *   <li>{@code transports}: names of {@link Transports}, separated by commas;
 *   <li>{@code cells}: a pattern for {@link BenchmarkCase#text}, for example {@code get.*TLS};
 *   <li>{@code jvm}: options of the measured processes, in place of {@code -Xmx512m}. {@code -Dcontinue=io} among them
 *       lets the next step begin on the thread of the HTTP client.
 * </ul>
 */
final class TransportBenchmark {

    private final int rounds = Integer.getInteger("rounds", 3);
    private final String seconds = System.getProperty("seconds", "0.7");
    private final String warmUps = System.getProperty("warmUps", "4");
    private final List<Transports> transports = Stream.of(
                    System.getProperty("transports", "CRT,NETTY,APACHE,JDK,PIPELINING")
                            .split(",", -1))
            .map(Transports::valueOf)
            .toList();
    private final List<BenchmarkCase> cases;
    private final Map<BenchmarkCase, Map<Transports, List<Measurement>>> measured = new LinkedHashMap<>();

    private TransportBenchmark() {
        Pattern pattern = Pattern.compile(System.getProperty("cells", "."));
        cases = BenchmarkCase.ofTransports().stream()
                .filter(each -> pattern.matcher(each.text()).find())
                .toList();
    }

    public static void main(String[] args) throws Exception {
        new TransportBenchmark().run();
    }

    private void run() throws Exception {
        Process endpoint = Benchmarks.start(
                List.of("-Dio.netty.leakDetection.level=disabled"), "StubEndpoint", BenchmarkCase.endpoints());
        Map<Transports, TrialProcess> trials = new EnumMap<>(Transports.class);
        try {
            String[] ports = Benchmarks.firstLine(endpoint).split(" ", -1);
            for (Transports transport : transports) {
                trials.put(transport, trial(transport, ports));
            }
            for (Transports transport : transports) {
                warmUp(of(trials, transport));
            }
            for (int round = 0; round <= rounds; round++) {
                System.err.println(round == 0 ? "Warming up" : "Round " + round);
                measure(trials, round);
            }
        } finally {
            trials.values().forEach(TrialProcess::close);
            endpoint.destroy();
        }
        cases.forEach(each -> print(System.out, each));
    }

    private TrialProcess trial(Transports transport, String[] ports) throws IOException {
        List<String> options =
                new ArrayList<>(System.getProperty("jvm") == null ? List.of("-Xmx512m") : Benchmarks.jvm());
        options.addAll(List.of("-DwarmUps=" + warmUps, "-DmostWarmUps=" + warmUps));
        List<String> arguments = new ArrayList<>(List.of(transport.name(), seconds));
        arguments.addAll(Arrays.asList(ports));
        return new TrialProcess(Benchmarks.start(options, "Trial", arguments));
    }

    private void warmUp(TrialProcess trial) throws IOException {
        for (BenchmarkOperation operation :
                cases.stream().map(BenchmarkCase::operation).distinct().toList()) {
            trial.warmUp(operation);
        }
    }

    /** Each round begins with another transport, so that none always comes after the same one. */
    private void measure(Map<Transports, TrialProcess> trials, int round) throws IOException {
        List<Transports> order = new ArrayList<>(transports);
        Collections.rotate(order, round);
        for (BenchmarkCase each : cases) {
            for (Transports transport : order) {
                Measurement measurement = of(trials, transport).measure(each);
                if (round > 0) {
                    measured.computeIfAbsent(each, first -> new EnumMap<>(Transports.class))
                            .computeIfAbsent(transport, first -> new ArrayList<>())
                            .add(measurement);
                }
            }
        }
    }

    private static TrialProcess of(Map<Transports, TrialProcess> trials, Transports transport) {
        return Objects.requireNonNull(trials.get(transport));
    }

    private void print(PrintStream out, BenchmarkCase each) {
        Map<Transports, List<Measurement>> all = measured.getOrDefault(each, Map.of());
        String first = transports.get(0).text();
        out.printf("%n### %s%n%n", each.text());
        out.printf("| | steps/s | to %s | p50 µs | p99 µs | CPU µs | to %s | KB allocated |%n", first, first);
        out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        List<Measurement> base = all.getOrDefault(transports.get(0), List.of());
        for (Transports transport : transports) {
            row(out, transport, all.getOrDefault(transport, List.of()), base);
        }
    }

    private static void row(PrintStream out, Transports transport, List<Measurement> these, List<Measurement> base) {
        List<Double> steps = Results.values(these, Measurement::perSecond);
        List<Double> cpu = Results.values(these, Measurement::cpu);
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.0f | %s | %s | %.1f |%n",
                transport.text(),
                Results.spread(steps, "%.0f"),
                Results.spread(Results.ratios(steps, Results.values(base, Measurement::perSecond)), "%.2f"),
                Results.spread(Results.values(these, Measurement::p50), "%.0f"),
                Results.median(Results.values(these, Measurement::p99)),
                Results.spread(cpu, "%.1f"),
                Results.spread(Results.ratios(cpu, Results.values(base, Measurement::cpu)), "%.2f"),
                Results.median(Results.values(these, Measurement::allocated)));
    }
}
