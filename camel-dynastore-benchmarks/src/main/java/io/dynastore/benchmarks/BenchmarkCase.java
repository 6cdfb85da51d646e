/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One case in which all subjects are measured.
 *
 * @param operation the measured operation
 * @param inFlight the number of operations in flight at any time
 * @param delay the time until the service responds, in milliseconds
 * @param feeders the number of route threads that start the operations; 0 means that the end of one operation starts
 *     the next
 * @param tls whether the connections are encrypted
 */
record BenchmarkCase(BenchmarkOperation operation, int inFlight, int delay, int feeders, boolean tls) {

    /** The delays of the endpoints, in the order of their ports. */
    static final List<Integer> DELAYS = List.of(0, 5, 20);

    static final int ROUTE_THREADS = 20;

    BenchmarkCase(BenchmarkOperation operation, int inFlight, int delay, int feeders) {
        this(operation, inFlight, delay, feeders, false);
    }

    /** What the processes need to know of the endpoints, in the order of their ports. The last one has TLS. */
    static List<String> endpoints() {
        List<String> endpoints =
                new ArrayList<>(DELAYS.stream().map(String::valueOf).toList());
        endpoints.add(StubEndpoint.TLS);
        return endpoints;
    }

    static List<BenchmarkCase> all() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (BenchmarkOperation operation : BenchmarkOperation.values()) {
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cases.add(new BenchmarkCase(operation, inFlight, 0, 0));
            }
        }
        for (BenchmarkOperation operation : List.of(BenchmarkOperation.UPDATE, BenchmarkOperation.GET)) {
            for (int inFlight : new int[] {1, 8, 64}) {
                cases.add(new BenchmarkCase(operation, inFlight, 0, 0, true));
            }
            for (int inFlight : new int[] {1, 8, 64, 512}) {
                cases.add(new BenchmarkCase(operation, inFlight, 5, 0));
            }
            for (int delay : DELAYS) {
                cases.add(new BenchmarkCase(operation, 512, delay, ROUTE_THREADS));
            }
        }
        return cases;
    }

    /** Those whose results are compared with a target. */
    static List<BenchmarkCase> targets() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (BenchmarkCase each : all()) {
            boolean few = each.feeders == 0 && each.delay == 0 && each.inFlight <= 64;
            boolean manyThreads = each.feeders > 0 && each.delay > 0;
            boolean largePage = each.operation == BenchmarkOperation.PAGE && each.inFlight > 8;
            if ((few || manyThreads) && !largePage) {
                cases.add(each);
            }
        }
        return cases;
    }

    /** Those of {@link TransportBenchmark}. */
    static List<BenchmarkCase> ofTransports() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            for (BenchmarkOperation operation : List.of(BenchmarkOperation.GET, BenchmarkOperation.UPDATE)) {
                for (int inFlight : new int[] {1, 8, 64, 512}) {
                    cases.add(new BenchmarkCase(operation, inFlight, 0, 0, tls));
                }
            }
        }
        return cases;
    }

    /** All that a process can be asked for. */
    static Set<BenchmarkCase> known() {
        Set<BenchmarkCase> known = new LinkedHashSet<>(all());
        known.addAll(ofTransports());
        return known;
    }

    /** The index of its endpoint. */
    int endpoint() {
        return tls ? DELAYS.size() : DELAYS.indexOf(delay);
    }

    String text() {
        return operation.text() + " " + inFlight + " in flight, " + delay + " ms"
                + (feeders > 0 ? ", " + feeders + " threads" : "") + (tls ? ", TLS" : "");
    }
}
