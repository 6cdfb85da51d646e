/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures all subjects, each in a process of its own, against one endpoint in another process. Prints the results as
 * tables, with the ratios that matter.
 *
 * <p>All processes live from start to end, but only one works at a time. They are warmed up one after another. Then
 * each case is measured for one subject right after another. A machine whose speed varies does so for all subjects,
 * so that ratios mean more than absolute numbers.
 *
 * <p>Settings are system properties:
 *
 * <ul>
 *   <li>{@code rounds}: how often each case is measured;
 *   <li>{@code seconds}: the duration of a measurement;
 *   <li>{@code subjects}: names of {@link Subjects}, separated by commas;
 *   <li>{@code cells}: a pattern for {@link BenchmarkCase#text};
 *   <li>{@code targets}: {@code true} measures only what a target exists for, with shorter warm-ups: the component with
 *       both clients, camel-aws2-ddb, and reading. Ten minutes in place of three quarters of an hour;
 *   <li>{@code jvm}: options of the measured processes.
 * </ul>
 */
final class Benchmarks {

    private static final String PACKAGE = "io.dynastore.benchmarks.";

    private static final int OVERHEAD_TURNS = Integer.getInteger("overheadTurns", 60);
    private static final int READING_TURNS = Integer.getInteger("readingTurns", 11);

    private final int rounds = Integer.getInteger("rounds", 3);
    private final String seconds = System.getProperty("seconds", "1");
    private final String pattern = System.getProperty("cells", ".");
    private final boolean targets = Boolean.getBoolean("targets");
    private final List<Subjects> subjects = Stream.of(System.getProperty(
                            "subjects",
                            targets
                                    ? "DYNASTORE,DYNASTORE_AUTO,CAMEL_DDB"
                                    : "DYNASTORE,DYNASTORE_AUTO,DYNASTORE_NETTY,DYNASTORE_AUTO_NETTY,CAMEL_DDB,"
                                            + "SDK_BLOCKING,SDK_NETTY,SDK_CRT,SDK_SAME,ENHANCED")
                    .split(",", -1))
            .map(Subjects::valueOf)
            .toList();
    private final Results results = new Results();

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        new Benchmarks().run();
    }

    private void run() throws Exception {
        Process endpoint =
                start(List.of("-Dio.netty.leakDetection.level=disabled"), "StubEndpoint", BenchmarkCase.endpoints());
        try {
            List<String> ports = Arrays.asList(firstLine(endpoint).split(" ", -1));
            measure(ports);
            if (!targets && Pattern.compile(pattern).matcher("overhead").find()) {
                System.err.println("Overhead without a network");
                each(start(jvm(), "Overhead", List.of("5000", Integer.toString(OVERHEAD_TURNS))), results::overhead);
            }
            if (Pattern.compile(pattern).matcher("reading").find()) {
                System.err.println("Reading 100,000 items");
                List<String> arguments = List.of(Integer.toString(READING_TURNS), ports.get(0));
                each(
                        start(jvm("-DwarmUps=8", "-DmostWarmUps=12", "-Dwork=false"), "ReadingTrial", arguments),
                        results::reading);
            }
        } finally {
            endpoint.destroy();
        }
        results.print(System.out, subjects);
    }

    private void measure(List<String> ports) throws IOException {
        List<BenchmarkCase> selected = (targets ? BenchmarkCase.targets() : BenchmarkCase.all())
                .stream()
                        .filter(benchmarkCase -> Pattern.compile(pattern)
                                .matcher(benchmarkCase.text())
                                .find())
                        .toList();
        Map<Subjects, TrialProcess> trials = new EnumMap<>(Subjects.class);
        try {
            for (Subjects subject : subjects) {
                trials.put(subject, trial(subject, ports));
            }
            warmUp(trials, selected);
            for (int round = 1; round <= rounds; round++) {
                System.err.println("Round " + round);
                measureRound(trials, selected, inOrderOf(round));
            }
        } finally {
            trials.values().forEach(TrialProcess::close);
        }
    }

    private void warmUp(Map<Subjects, TrialProcess> trials, List<BenchmarkCase> selected) throws IOException {
        List<BenchmarkOperation> operations =
                selected.stream().map(BenchmarkCase::operation).distinct().toList();
        for (Subjects subject : subjects) {
            for (BenchmarkOperation operation : operations) {
                System.err.println(subject.text() + ", " + operation.text() + ": "
                        + of(trials, subject).warmUp(operation));
            }
        }
    }

    private void measureRound(Map<Subjects, TrialProcess> trials, List<BenchmarkCase> selected, List<Subjects> order)
            throws IOException {
        for (BenchmarkCase benchmarkCase : selected) {
            for (Subjects subject : order) {
                results.add(subject, benchmarkCase, of(trials, subject).measure(benchmarkCase));
            }
        }
    }

    /** Each round begins with another subject, so that none always comes after the same one. */
    private List<Subjects> inOrderOf(int round) {
        List<Subjects> order = new ArrayList<>(subjects);
        Collections.rotate(order, round);
        return order;
    }

    private static TrialProcess of(Map<Subjects, TrialProcess> trials, Subjects subject) {
        return Objects.requireNonNull(trials.get(subject));
    }

    private TrialProcess trial(Subjects subject, List<String> ports) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(subject.name(), seconds));
        arguments.addAll(ports);
        return new TrialProcess(start(jvm("-DmostWarmUps=15"), "Trial", arguments));
    }

    /** With these options first if only targets are measured, so that given ones override them. */
    private List<String> jvm(String... ofTargets) {
        List<String> options = new ArrayList<>(targets ? List.of(ofTargets) : List.of());
        options.addAll(jvm());
        return options;
    }

    static List<String> jvm() {
        String options = System.getProperty("jvm", "");
        // A heap of this size fits eight times into memory.
        return options.isBlank()
                ? List.of("-Xmx1g")
                : Arrays.asList(options.trim().split("\\s+", -1));
    }

    static Process start(List<String> options, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PACKAGE + main));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static String firstLine(Process process) throws IOException {
        // Not closed: the process ends when its input does, and it also needs its output.
        return Objects.requireNonNull(
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    private static void each(Process process, Consumer<String> line) throws IOException, InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line);
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("A measured process failed, see above.");
        }
    }
}
