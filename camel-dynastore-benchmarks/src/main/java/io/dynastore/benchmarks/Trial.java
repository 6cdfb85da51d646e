/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Measures one subject under all conditions, in a process of its own, so that neither its threads nor what the compiler has learned
 * is another's. Prints a line for each.
 *
 * <p>Arguments: the subject's name, seconds for each condition, a pattern of conditions, the ports of the endpoint in the order of
 * their delays.
 */
final class Trial {

    private static final double SETTLE_SECONDS = 0.3;

    /** For each step; the compiler takes one of two cores for about as long as all of them together. */
    private static final double COMPILE_SECONDS = 5;

    private Trial() {}

    public static void main(String[] args) throws Exception {
        Subjects subject = Subjects.valueOf(args[0]);
        double seconds = Double.parseDouble(args[1]);
        Pattern wanted = Pattern.compile(args[2]);
        List<Subject> open = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            open.add(subject.open(URI.create("http://localhost:" + args[i])));
        }
        for (Step step : Step.values()) {
            new Load(open.get(0), new Cell(step, 8, 0, 0)).measure(COMPILE_SECONDS, SETTLE_SECONDS);
        }
        for (Cell cell : Cell.all()) {
            if (wanted.matcher(cell.text()).find()) {
                Subject at = open.get(Cell.DELAYS.indexOf(cell.delay()));
                Figures figures = new Load(at, cell).measure(SETTLE_SECONDS, seconds);
                System.out.println("CELL\t" + cell.text() + "\t" + figures.line());
            }
        }
        open.forEach(Subject::close);
        System.exit(0);
    }
}
