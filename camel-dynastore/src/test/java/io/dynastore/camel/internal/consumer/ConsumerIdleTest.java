/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The cost of polls that find nothing.
 *
 * <p>The test runs few polls by default; {@code -Ddynastore.consumer.idlePolls=10000} runs many.
 */
@Tag("soak")
class ConsumerIdleTest extends ConsumerContract {

    private static final int POLLS = Integer.getInteger("dynastore.consumer.idlePolls", 300);
    private static final long ROOM = 2 << 20;

    private final LongAdder requests = new LongAdder();

    @Override
    public void configure(DefaultCamelContext fresh) {
        ExecutionInterceptor counting = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission request, ExecutionAttributes attributes) {
                requests.increment();
            }
        };
        fresh.getRegistry()
                .bind(
                        "client",
                        dynamo.clientBuilder()
                                .overrideConfiguration(o -> o.addExecutionInterceptor(counting))
                                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=table", "onSuccess=delete&concurrentPartitions=2"})
    void costOneRequestEachAndLeaveNothingBehind(String options) throws Exception {
        consume("partitionKeys=customer&initialDelay=1&delay=86400000&" + options);
        await().until(() -> consumer().getCounter() == 1 && !consumer().isPolling());
        poll(POLLS / 10);
        long heap = heap();
        int threads = Thread.activeCount();
        long requestsBefore = requests.sum();

        poll(POLLS);

        long sent = requests.sum() - requestsBefore;
        long grown = heap() - heap;
        System.out.printf(
                "%s: %d idle polls, %.3f requests a poll, heap grown by %d KB, threads %d before and %d after%n",
                options, POLLS, (double) sent / POLLS, grown >> 10, threads, Thread.activeCount());
        assertThat(sent).isEqualTo(POLLS);
        assertThat(grown).isLessThan(ROOM);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
    }

    private void poll(int times) {
        for (int i = 0; i < times; i++) {
            consumer().run();
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
