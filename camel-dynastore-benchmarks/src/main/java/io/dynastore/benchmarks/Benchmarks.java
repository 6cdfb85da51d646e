/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs all subjects beside each other, each in a process of its own, against one endpoint in another process; and prints what came
 * of it as tables, with the ratios that matter.
 *
 * <p>Settings, as system properties: {@code rounds} (each subject is measured so often, in turns), {@code seconds} for each
 * condition, {@code subjects} (comma-separated, see {@link Subjects}), {@code cells} (a pattern of {@link Cell#text}), {@code jvm}
 * (options of the measured processes).
 */
final class Benchmarks {

    private static final String PACKAGE = "io.dynastore.benchmarks.";

    private final int rounds = Integer.getInteger("rounds", 2);
    private final String seconds = System.getProperty("seconds", "1");
    private final String cells = System.getProperty("cells", ".");
    private final List<Subjects> subjects = Stream.of(System.getProperty(
                            "subjects", "DYNASTORE,DYNASTORE_NETTY,CAMEL_DDB,SDK_BLOCKING,SDK_NETTY,SDK_CRT,ENHANCED")
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
            for (int round = 1; round <= rounds; round++) {
                for (Subjects subject : subjects) {
                    System.err.println("Round " + round + ": " + subject.text());
                    trial(subject, ports);
                }
            }
            if (Pattern.compile(cells).matcher("overhead").find()) {
                System.err.println("Overhead without a network");
                each(start(jvm(), "Overhead", List.of("20000", Integer.toString(rounds + 4))), results::overhead);
            }
            if (Pattern.compile(cells).matcher("reading").find()) {
                System.err.println("Reading 100,000 items");
                each(start(jvm(), "ReadingTrial", List.of(Integer.toString(rounds), ports.get(0))), results::reading);
            }
        } finally {
            endpoint.destroy();
        }
        results.print(System.out, subjects);
    }

    private void trial(Subjects subject, List<String> ports) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(subject.name(), seconds, cells));
        arguments.addAll(ports);
        each(start(jvm(), "Trial", arguments), line -> results.cell(subject, line));
    }

    private static List<String> delays() {
        return Cell.DELAYS.stream().map(String::valueOf).toList();
    }

    private static List<String> jvm() {
        String options = System.getProperty("jvm", "");
        return options.isBlank() ? List.of() : Arrays.asList(options.trim().split("\\s+", -1));
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
