/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One case in which all subjects are measured.
 *
 * @param operation the measured operation
 * @param inFlight the number of operations in flight at any time
 * @param delay the time until the service responds, in milliseconds
 * @param feeders the number of route threads that start the operations; 0 means that the end of one operation starts
 *     the next
 */
record BenchmarkCase(BenchmarkOperation operation, int inFlight, int delay, int feeders) {

    /** The delays of the endpoints, in the order of their ports. */
    static final List<Integer> DELAYS = List.of(0, 5, 20);

    static final int ROUTE_THREADS = 20;

    static List<BenchmarkCase> all() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (BenchmarkOperation operation : BenchmarkOperation.values()) {
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cases.add(new BenchmarkCase(operation, inFlight, 0, 0));
            }
        }
        for (BenchmarkOperation operation : List.of(BenchmarkOperation.UPDATE, BenchmarkOperation.GET)) {
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cases.add(new BenchmarkCase(operation, inFlight, 5, 0));
            }
            for (int delay : DELAYS) {
                cases.add(new BenchmarkCase(operation, 512, delay, ROUTE_THREADS));
            }
        }
        return cases;
    }

    String text() {
        return operation.text() + " " + inFlight + " in flight, " + delay + " ms"
                + (feeders > 0 ? ", " + feeders + " threads" : "");
    }
}
