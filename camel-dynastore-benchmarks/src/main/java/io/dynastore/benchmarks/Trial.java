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

    private static final int MOST_WARM_UPS = 60;
    private static final double WARM_UP_SECONDS = 1;

    private Trial() {}

    public static void main(String[] args) throws Exception {
        Subjects subject = Subjects.valueOf(args[0]);
        double seconds = Double.parseDouble(args[1]);
        Pattern wanted = Pattern.compile(args[2]);
        List<Subject> open = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            open.add(subject.open(URI.create("http://localhost:" + args[i])));
        }
        List<Cell> cells = Cell.all().stream()
                .filter(cell -> wanted.matcher(cell.text()).find())
                .toList();
        for (Step step : cells.stream().map(Cell::step).distinct().toList()) {
            warmUp(open.get(0), step);
        }
        for (Cell cell : cells) {
            Subject at = open.get(Cell.DELAYS.indexOf(cell.delay()));
            Figures figures = new Load(at, cell).measure(SETTLE_SECONDS, seconds);
            System.out.println("CELL\t" + cell.text() + "\t" + figures.line());
        }
        open.forEach(Subject::close);
        System.exit(0);
    }

    private static void warmUp(Subject subject, Step step) throws InterruptedException {
        for (int i = 0; i < MOST_WARM_UPS; i++) {
            Warmth before = Warmth.now();
            new Load(subject, new Cell(step, 8, 0, 0)).measure(0, WARM_UP_SECONDS);
            if (before.settled()) {
                return;
            }
        }
    }
}
