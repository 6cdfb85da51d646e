/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What the component costs above the same requests made by hand, on one thread and without a network, where everything else is
 * equal. Not thread safe.
 */
final class Overhead implements AutoCloseable {

    private static final URI NOWHERE = URI.create("http://localhost:1");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final DynamoDbAsyncClient byHand = Clients.completing(NOWHERE, new InMemoryHttp());
    private final CamelDynaStore component =
            new CamelDynaStore(NOWHERE, Clients.completing(NOWHERE, new InMemoryHttp()));

    Overhead() throws Exception {}

    /**
     * What one step takes.
     *
     * @param cpu microseconds
     * @param allocated bytes
     */
    record Cost(double cpu, double allocated) {}

    /** What a step takes by hand. */
    Cost byHand(Step step, int times) {
        return measure(times, item -> Outcomes.tell(SameRequests.send(byHand, step, item), inline -> {}));
    }

    /** What a step takes of the component, the exchange included. */
    Cost component(Step step, int times) {
        return measure(times, item -> component.start(step, item, inline -> {}));
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
        byHand.close();
    }

    public static void main(String[] args) throws Exception {
        int times = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        try (Overhead overhead = new Overhead()) {
            for (Step step : Step.values()) {
                int each = step == Step.PAGE ? times / 20 : times;
                for (int round = 0; round < rounds; round++) {
                    Cost floor = overhead.byHand(step, each);
                    Cost cost = overhead.component(step, each);
                    System.out.printf(
                            "%s\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%.0f%n",
                            step.text(),
                            floor.cpu(),
                            cost.cpu(),
                            cost.cpu() - floor.cpu(),
                            floor.allocated(),
                            cost.allocated(),
                            cost.allocated() - floor.allocated());
                }
            }
        }
    }
}
