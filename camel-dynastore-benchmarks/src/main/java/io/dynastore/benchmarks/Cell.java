/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One condition under which all subjects are measured.
 *
 * @param inFlight how many steps are under way at any time
 * @param delay what the service takes to answer, in milliseconds
 * @param feeders the route threads that start the steps; 0: each step is started by the end of another one
 */
record Cell(Step step, int inFlight, int delay, int feeders) {

    /** The delays that there is an endpoint for, in this order. */
    static final List<Integer> DELAYS = List.of(0, 5, 20);

    static final int ROUTE_THREADS = 20;

    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Step step : Step.values()) {
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cells.add(new Cell(step, inFlight, 0, 0));
            }
        }
        for (Step step : List.of(Step.UPDATE, Step.GET)) {
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cells.add(new Cell(step, inFlight, 5, 0));
            }
            for (int delay : DELAYS) {
                cells.add(new Cell(step, 512, delay, ROUTE_THREADS));
            }
        }
        return cells;
    }

    String text() {
        return step.text() + " " + inFlight + " in flight, " + delay + " ms"
                + (feeders > 0 ? ", " + feeders + " threads" : "");
    }
}
