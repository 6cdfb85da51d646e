/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that continue on other threads, and routes that deliver several items at a time. */
class ConsumerAsynchronyTest extends ConsumerContract {

    private final Map<String, AtomicInteger> inFlightByPartition = new ConcurrentHashMap<>();
    private final Set<String> overlapping = ConcurrentHashMap.newKeySet();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    /** How a route hands an item to another thread. */
    enum HandOver {
        ASYNCHRONOUS_DELAY,
        THREADS,
        SEDA
    }

    private void begin(Exchange exchange) {
        peak.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        if (of(exchange).incrementAndGet() > 1) {
            overlapping.add(name(exchange));
        }
    }

    private void end(Exchange exchange) {
        done.add(name(exchange));
        of(exchange).decrementAndGet();
        inFlight.decrementAndGet();
    }

    private AtomicInteger of(Exchange exchange) {
        String partition = exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY, String.class);
        return inFlightByPartition.computeIfAbsent(partition, first -> new AtomicInteger());
    }

    private RouteBody through(HandOver handOver) {
        return (builder, from) -> {
            from.process(this::begin);
            switch (handOver) {
                case ASYNCHRONOUS_DELAY -> from.delay(2).asyncDelayed().end().process(this::end);
                case THREADS -> from.threads(2, 4).process(this::end);
                case SEDA -> {
                    from.to("seda:work");
                    builder.from("seda:work?concurrentConsumers=4").process(this::end);
                }
            }
        };
    }

    @ParameterizedTest
    @EnumSource(HandOver.class)
    void keepsTheOrderOfEachPartitionBehindAHandOver(HandOver handOver) throws Exception {
        List<String> partitions = List.of("customer", "order", "other");
        partitions.forEach(partition -> givenItems(partition, 8));

        consume(
                "partitionKeys=customer,order,other&resume=memory&pageSize=3&concurrentPartitions=2",
                through(handOver));
        await().untilAsserted(() -> assertThat(done).hasSize(24));

        partitions.forEach(partition -> assertThat(done.stream().filter(name -> name.startsWith(partition)))
                .containsExactlyElementsOf(names(partition, 1, 8)));
        assertThat(overlapping).isEmpty();
        assertThat(peak).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void handedOverItemIsDoneWhenItsUnitOfWorkIs() throws Exception {
        givenItems("customer", 2);
        Gate gate = new Gate("customer/01");
        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> {
            from.to("seda:work");
            builder.from("seda:work").process(gate).process(exchange -> done.add(name(exchange)));
        });
        gate.awaitReached();

        assertThat(stored()).hasSize(2);
        assertThat(consumer().getSucceededItems()).isZero();
        gate.open();
        await().untilAsserted(() -> assertThat(stored()).isEmpty());

        assertThat(delivered).containsExactly("customer/01", "customer/02");
    }

    @Test
    void itemThatFailsBehindAHandOverIsRedelivered() throws Exception {
        givenItems("customer", 2);
        consume("partitionKeys=customer&resume=memory", (builder, from) -> {
            from.to("seda:work");
            builder.from("seda:work").process(exchange -> {
                if (delivered.size() == 1) {
                    throw new IllegalStateException("once");
                }
            });
        });

        awaitDelivered(3);
        assertThat(delivered).containsExactly("customer/01", "customer/01", "customer/02");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasAsManyItemsInFlightAsItMayHavePartitionsAtOnce(boolean asynchronous) throws Exception {
        List<String> partitions =
                IntStream.range(0, 6).mapToObj(number -> "p" + number).toList();
        partitions.forEach(partition -> givenItems(partition, 2));
        CyclicBarrier three = new CyclicBarrier(3);

        consume(
                "concurrentPartitions=3&resume=memory&partitionKeys=" + String.join(",", partitions),
                (builder, from) -> {
                    from.process(this::begin);
                    if (asynchronous) {
                        from.threads(8, 8);
                    }
                    // The barrier opens for three items at a time. So no fewer are ever in flight.
                    from.process(exchange -> three.await(20, TimeUnit.SECONDS)).process(this::end);
                });

        await().untilAsserted(() -> assertThat(done).hasSize(12));
        assertThat(peak).hasValue(3);
        assertThat(overlapping).isEmpty();
    }

    @Test
    void schedulerWithSeveralThreadsRunsOnePollAtATime() throws Exception {
        givenItems("customer", 3);
        Gate gate = new Gate("customer/02");
        consume(
                "partitionKeys=customer&resume=memory&sendEmptyMessageWhenIdle=true&initialDelay=1&delay=1"
                        + "&scheduler.concurrentConsumers=3&scheduler.poolSize=3",
                (builder, from) -> from.filter(
                                builder.header(DynaStoreConstants.PARTITION_KEY).isNotNull())
                        .process(this::begin)
                        .delay(1)
                        .asyncDelayed()
                        .end()
                        .process(gate)
                        .process(this::end));
        gate.awaitReached();
        HTTP.clear();
        assertNoPollEnds();

        assertThat(delivered).containsExactly("customer/01", "customer/02");
        assertThat(sent()).isEmpty();
        gate.open();
        await().untilAsserted(() -> assertThat(done).containsExactlyElementsOf(names("customer", 1, 3)));
        assertThat(peak).hasValue(1);
    }

    /** If polls overlapped, two idle threads would poll many times while this waits. */
    private void assertNoPollEnds() {
        long polls = consumer().getCounter();
        await().during(Duration.ofMillis(50)).until(() -> consumer().getCounter() == polls);
    }

    @Test
    void needsNoDeeperStackForTheLastItemThanForTheSecond() throws Exception {
        givenItems("customer", 1, 90);
        List<Long> depths = new CopyOnWriteArrayList<>();

        consume(
                "partitionKeys=customer&resume=memory&pageSize=45",
                (builder, from) -> from.process(
                        exchange -> depths.add(StackWalker.getInstance().walk(frames -> frames.count()))));

        await().untilAsserted(() -> assertThat(depths).hasSize(90));
        assertThat(Set.copyOf(depths.subList(1, 90))).hasSize(1);
    }

    @Test
    void continuesOnTheThreadOfThePollBehindAnAsynchronousStep() throws Exception {
        givenItems("customer", 4);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        RouteBuilder.addRoutes(context, builder -> builder.from(store("partitionKeys=customer&resume=memory" + QUICK))
                .process(exchange -> threads.add(Thread.currentThread().getName()))
                .delay(1)
                .asyncDelayed()
                .end()
                .process(exchange -> done.add(name(exchange))));

        await().untilAsserted(() -> assertThat(done).hasSize(4));
        assertThat(threads).singleElement().asString().contains(table);
    }
}
