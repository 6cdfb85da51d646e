/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures one subject in a process of its own: it shares neither threads nor compiled code with another. It reads a
 * command per line, and responds to each with a line. It ends with its input.
 *
 * <p>Arguments: the subject's name, seconds for each measurement, the ports of the endpoint in the order of their
 * delays. Commands: the name of an operation, to warm up for it; or the text of a case, to measure it.
 */
final class Trial {

    private static final double SETTLE_SECONDS = 0.3;

    private static final int LEAST_WARM_UPS = Integer.getInteger("warmUps", 8);
    private static final int MOST_WARM_UPS = Integer.getInteger("mostWarmUps", 60);
    private static final double WARM_UP_SECONDS = 1;

    private Trial() {}

    public static void main(String[] args) throws Exception {
        Openable subject = Openable.named(args[0]);
        double seconds = Double.parseDouble(args[1]);
        List<Subject> open = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            String scheme = i - 2 < BenchmarkCase.DELAYS.size() ? "http" : "https";
            open.add(subject.open(URI.create(scheme + "://localhost:" + args[i])));
        }
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(response(line, open, seconds));
            }
        }
        open.forEach(Subject::close);
        System.exit(0);
    }

    private static String response(String line, List<Subject> open, double seconds)
            throws IOException, InterruptedException {
        for (BenchmarkOperation operation : BenchmarkOperation.values()) {
            if (line.equals(operation.text())) {
                return warmUp(open.get(0), operation);
            }
        }
        for (BenchmarkCase benchmarkCase : BenchmarkCase.known()) {
            if (line.equals(benchmarkCase.text())) {
                Subject at = open.get(benchmarkCase.endpoint());
                return new Load(at, benchmarkCase)
                        .measure(SETTLE_SECONDS, seconds)
                        .line();
            }
        }
        throw new IOException("neither an operation nor a case: " + line);
    }

    /** With few and many operations in flight in turns, as the compiler optimises for what it sees. */
    private static String warmUp(Subject subject, BenchmarkOperation operation) throws InterruptedException {
        int warmUps = 0;
        int calm = 0;
        while (calm < 2 && warmUps < MOST_WARM_UPS) {
            JitWarmUp before = JitWarmUp.now();
            new Load(subject, new BenchmarkCase(operation, warmUps % 2 == 0 ? 8 : 64, 0, 0))
                    .measure(0, WARM_UP_SECONDS);
            warmUps++;
            calm = warmUps >= LEAST_WARM_UPS && before.settled() ? calm + 1 : 0;
        }
        return "warm after " + warmUps;
    }
}
