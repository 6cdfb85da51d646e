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
 * Measures one subject, in a process of its own, so that neither its threads nor what the compiler has learned is another's. Does
 * what it is told line by line, and answers each with a line; ends with its input.
 *
 * <p>Arguments: the subject's name, seconds for each measurement, the ports of the endpoint in the order of their delays. Lines: the
 * name of a step, to warm up for it; or the text of a cell, to measure it.
 */
final class Trial {

    private static final double SETTLE_SECONDS = 0.3;

    private static final int LEAST_WARM_UPS = 8;
    private static final int MOST_WARM_UPS = 60;
    private static final double WARM_UP_SECONDS = 1;

    private Trial() {}

    public static void main(String[] args) throws Exception {
        Subjects subject = Subjects.valueOf(args[0]);
        double seconds = Double.parseDouble(args[1]);
        List<Subject> open = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            open.add(subject.open(URI.create("http://localhost:" + args[i])));
        }
        try (BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                System.out.println(answer(line, open, seconds));
            }
        }
        open.forEach(Subject::close);
        System.exit(0);
    }

    private static String answer(String line, List<Subject> open, double seconds)
            throws IOException, InterruptedException {
        for (Step step : Step.values()) {
            if (line.equals(step.text())) {
                return warmUp(open.get(0), step);
            }
        }
        for (Cell cell : Cell.all()) {
            if (line.equals(cell.text())) {
                Subject at = open.get(Cell.DELAYS.indexOf(cell.delay()));
                return new Load(at, cell).measure(SETTLE_SECONDS, seconds).line();
            }
        }
        throw new IOException("neither a step nor a cell: " + line);
    }

    /** With few and with many in flight in turns, since the compiler looks at what there is. */
    private static String warmUp(Subject subject, Step step) throws InterruptedException {
        int warmUps = 0;
        int calm = 0;
        while (calm < 2 && warmUps < MOST_WARM_UPS) {
            Warmth before = Warmth.now();
            new Load(subject, new Cell(step, warmUps % 2 == 0 ? 8 : 64, 0, 0)).measure(0, WARM_UP_SECONDS);
            warmUps++;
            calm = warmUps >= LEAST_WARM_UPS && before.settled() ? calm + 1 : 0;
        }
        return "warm after " + warmUps;
    }
}
