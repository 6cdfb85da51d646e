/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The cost of the component above the same requests made by hand, on one thread and without a network: all else is
 * equal. Not thread safe.
 */
final class Overhead implements AutoCloseable {

    private static final URI NOWHERE = URI.create("http://localhost:1");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final DynamoDbAsyncClient byHand = SdkClients.completing(NOWHERE, new InMemoryHttp());
    private final CamelDynaStore component =
            new CamelDynaStore(NOWHERE, SdkClients.completing(NOWHERE, new InMemoryHttp()));

    private final CamelDynaStore lean =
            new CamelDynaStore(NOWHERE, SdkClients.lean(NOWHERE, new InMemoryHttp(), Runnable::run));

    Overhead() throws Exception {}

    /**
     * The cost of one operation.
     *
     * @param cpu processor time in microseconds
     * @param allocated allocated bytes
     */
    record Cost(double cpu, double allocated) {}

    /** The cost of an operation by hand. */
    Cost byHand(BenchmarkOperation operation, int times) {
        return measure(times, item -> Outcomes.report(SameRequests.send(byHand, operation, item), inline -> {}));
    }

    /** The cost of an operation of the component, including the exchange. */
    Cost component(BenchmarkOperation operation, int times) {
        return measure(times, item -> component.start(operation, item, inline -> {}));
    }

    /** The cost of an operation of the component with {@code client=auto}, including the exchange. */
    Cost lean(BenchmarkOperation operation, int times) {
        return measure(times, item -> lean.start(operation, item, inline -> {}));
    }

    private interface Task {
        void run(int item);
    }

    private static Cost measure(int times, Task task) {
        long thread = Thread.currentThread().getId();
        long cpu = THREADS.getThreadCpuTime(thread);
        long allocated = THREADS.getThreadAllocatedBytes(thread);
        for (int item = 0; item < times; item++) {
            task.run(item);
        }
        return new Cost(
                (THREADS.getThreadCpuTime(thread) - cpu) / 1e3 / times,
                (THREADS.getThreadAllocatedBytes(thread) - allocated) / (double) times);
    }

    @Override
    public void close() {
        component.close();
        lean.close();
        byHand.close();
    }

    public static void main(String[] args) throws Exception {
        int times = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        try (Overhead overhead = new Overhead()) {
            for (BenchmarkOperation operation : BenchmarkOperation.values()) {
                int each = operation == BenchmarkOperation.PAGE ? times / 20 : times;
                for (int round = 0; round < rounds; round++) {
                    print(
                            operation,
                            overhead.byHand(operation, each),
                            overhead.component(operation, each),
                            overhead.lean(operation, each));
                }
            }
        }
    }

    /** Processor time of the three, and of the component above the requests by hand; the same of allocated bytes. */
    private static void print(BenchmarkOperation operation, Cost floor, Cost cost, Cost lean) {
        System.out.printf(
                "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%.0f\t%.0f%n",
                operation.text(),
                floor.cpu(),
                cost.cpu(),
                lean.cpu(),
                cost.cpu() - floor.cpu(),
                floor.allocated(),
                cost.allocated(),
                lean.allocated(),
                cost.allocated() - floor.allocated());
    }
}
