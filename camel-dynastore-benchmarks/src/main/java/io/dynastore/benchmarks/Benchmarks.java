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
 * Runs all subjects beside each other, each in a process of its own, against one endpoint in another process; and prints what came
 * of it as tables, with the ratios that matter.
 *
 * <p>All processes live from the beginning to the end, and one of them works at a time: they are warmed up one after the other, and
 * then each cell is measured of one subject right after another. So a machine that is faster at one time than at another is so for
 * all of them, and their ratios mean more than their figures.
 *
 * <p>Settings, as system properties: {@code rounds} (so often all cells are measured), {@code seconds} for each measurement,
 * {@code subjects} (comma-separated, see {@link Subjects}), {@code cells} (a pattern of {@link Cell#text}), {@code jvm}
 * (options of the measured processes).
 */
final class Benchmarks {

    private static final String PACKAGE = "io.dynastore.benchmarks.";

    private static final int OVERHEAD_TURNS = 60;
    private static final int READING_TURNS = 11;

    private final int rounds = Integer.getInteger("rounds", 3);
    private final String seconds = System.getProperty("seconds", "1");
    private final String cells = System.getProperty("cells", ".");
    private final List<Subjects> subjects = Stream.of(System.getProperty(
                            "subjects",
                            "DYNASTORE,DYNASTORE_NETTY,CAMEL_DDB,SDK_BLOCKING,SDK_NETTY,SDK_CRT,SDK_SAME,ENHANCED")
                    .split(",", -1))
            .map(Subjects::valueOf)
            .toList();
    private final Results results = new Results();

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        new Benchmarks().run();
    }

    private void run() throws Exception {
        Process endpoint = start(List.of("-Dio.netty.leakDetection.level=disabled"), "StubEndpoint", delays());
        try {
            List<String> ports = Arrays.asList(firstLine(endpoint).split(" ", -1));
            measure(ports);
            if (Pattern.compile(cells).matcher("overhead").find()) {
                System.err.println("Overhead without a network");
                each(start(jvm(), "Overhead", List.of("5000", Integer.toString(OVERHEAD_TURNS))), results::overhead);
            }
            if (Pattern.compile(cells).matcher("reading").find()) {
                System.err.println("Reading 100,000 items");
                each(
                        start(jvm(), "ReadingTrial", List.of(Integer.toString(READING_TURNS), ports.get(0))),
                        results::reading);
            }
        } finally {
            endpoint.destroy();
        }
        results.print(System.out, subjects);
    }

    private void measure(List<String> ports) throws IOException {
        List<Cell> wanted = Cell.all().stream()
                .filter(cell -> Pattern.compile(cells).matcher(cell.text()).find())
                .toList();
        Map<Subjects, TrialProcess> trials = new EnumMap<>(Subjects.class);
        try {
            for (Subjects subject : subjects) {
                trials.put(subject, trial(subject, ports));
            }
            for (Subjects subject : subjects) {
                for (Step step : wanted.stream().map(Cell::step).distinct().toList()) {
                    System.err.println(subject.text() + ", " + step.text() + ": "
                            + of(trials, subject).warmUp(step));
                }
            }
            for (int round = 1; round <= rounds; round++) {
                System.err.println("Round " + round);
                for (Cell cell : wanted) {
                    for (Subjects subject : turn(round)) {
                        results.cell(subject, cell, of(trials, subject).measure(cell));
                    }
                }
            }
        } finally {
            trials.values().forEach(TrialProcess::close);
        }
    }

    /** Nobody is always behind the same one. */
    private List<Subjects> turn(int round) {
        List<Subjects> turn = new ArrayList<>(subjects);
        Collections.rotate(turn, round);
        return turn;
    }

    private static TrialProcess of(Map<Subjects, TrialProcess> trials, Subjects subject) {
        return Objects.requireNonNull(trials.get(subject));
    }

    private TrialProcess trial(Subjects subject, List<String> ports) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(subject.name(), seconds));
        arguments.addAll(ports);
        return new TrialProcess(start(jvm(), "Trial", arguments));
    }

    private static List<String> delays() {
        return Cell.DELAYS.stream().map(String::valueOf).toList();
    }

    private static List<String> jvm() {
        String options = System.getProperty("jvm", "");
        // A heap that eight of them can have at a time.
        return options.isBlank()
                ? List.of("-Xmx1g")
                : Arrays.asList(options.trim().split("\\s+", -1));
    }

    private static Process start(List<String> options, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PACKAGE + main));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        // Not closed: the process ends when its input does, and it is not to miss its output either.
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
