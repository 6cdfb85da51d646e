/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page whose route is suspended or stopped in the middle of it. */
class ConsumerLifecycleTest extends ConsumerContract {

    private final Gate gate = new Gate("customer/02");

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "resume=table", "onSuccess=delete", "resume=table&onSuccess=delete"})
    void deliversNothingMoreWhileSuspendedInMidPageAndContinuesWhenResumed(String options) throws Exception {
        givenItems("customer", 5);
        consume("partitionKeys=customer&" + options, (builder, from) -> from.process(gate));

        whileHeld(gate, () -> context.getRouteController().suspendRoute(ROUTE));
        assertThat(delivered).containsExactly("customer/01", "customer/02");
        context.getRouteController().resumeRoute(ROUTE);
        awaitDelivered(5);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=table", "onSuccess=delete"})
    void finishesAndRecordsTheItemInFlightWhenStoppedInMidPage(String options) throws Exception {
        givenItems("customer", 5);
        givenItems("order", 1);
        consume("partitionKeys=customer,order&" + options, (builder, from) -> from.process(gate));

        whileHeld(gate, () -> context.getRouteController().stopRoute(ROUTE));
        assertThat(delivered).containsExactly("customer/01", "customer/02");
        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(6);
        awaitPolls(1);

        assertThat(delivered)
                .containsExactlyElementsOf(Stream.concat(names("customer", 1, 5).stream(), Stream.of("order/01"))
                        .toList());
    }

    @Test
    void completesThePageIfTheRouteCompletesAllTasks() throws Exception {
        givenItems("customer", 7);
        consume("partitionKeys=customer&resume=table&pageSize=3", (builder, from) -> from.shutdownRunningTask(
                        ShutdownRunningTask.CompleteAllTasks)
                .process(gate));

        whileHeld(gate, () -> context.getRouteController().stopRoute(ROUTE));

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 3));
        assertThat(dynamo.rawGet(table, key("_ds/position/" + ROUTE, "customer")))
                .containsEntry("version", number(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void losesNothingAndDeliversNothingMoreWhenStoppedByForce(int workers) throws Exception {
        givenItems("customer", 4);
        givenItems("order", 2);
        Gate other = new Gate("order/01");
        consumeUntilHeld(workers, other);

        context.getRouteController().stopRoute(ROUTE, 100, TimeUnit.MILLISECONDS);

        await().until(() -> threads().isEmpty());
        assertThat(delivered)
                .containsExactlyInAnyOrderElementsOf(
                        workers == 1
                                ? List.of("customer/01", "customer/02")
                                : List.of("customer/01", "customer/02", "order/01"));
        other.open();
        context.getRouteController().startRoute(ROUTE);
        await().until(() -> delivered.containsAll(List.of("customer/04", "order/02")));
        assertThat(delivered.stream().distinct().filter(name -> name.startsWith("customer")))
                .containsExactlyElementsOf(names("customer", 1, 4));
        assertThat(delivered).filteredOn("customer/02"::equals).hasSize(2);
    }

    private void consumeUntilHeld(int workers, Gate other) throws Exception {
        consume(
                "partitionKeys=customer,order&resume=table&concurrentPartitions=" + workers,
                (builder, from) -> from.process(gate).process(other));
        gate.awaitReached();
        if (workers == 2) {
            other.awaitReached();
        }
    }

    @Test
    void routeThatIgnoresInterruptsDeliversNothingMoreAfterItsStop() throws Exception {
        givenItems("customer", 4);
        CountDownLatch stopped = new CountDownLatch(1);
        CompletableFuture<Void> left = new CompletableFuture<>();
        consume("partitionKeys=customer&resume=table", (builder, from) -> from.process(exchange -> {
                    while (stopped.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                })
                .process(exchange -> left.complete(null)));
        awaitDelivered(1);

        context.getRouteController().stopRoute(ROUTE, 100, TimeUnit.MILLISECONDS);
        assertThat(threads()).isNotEmpty();
        stopped.countDown();

        await().until(() -> threads().isEmpty());
        assertThat(delivered).containsExactly("customer/01");
    }

    @Test
    void leavesNoThreadAndNoConnectionWhenItsContextEnds() throws Exception {
        givenItems("customer", 4);
        givenItems("order", 4);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (DefaultCamelContext own = new DefaultCamelContext()) {
            own.start();
            consume(
                    own,
                    "partitionKeys=customer,order&concurrentPartitions=2&resume=memory"
                            + "&region=eu-central-1&accessKey=a&secretKey=b&autowiredEnabled=false"
                            + "&overrideEndpoint=true&uriEndpointOverride="
                            + dynamo.endpoint(),
                    (builder, from) -> from.delay(1).asyncDelayed());
            awaitDelivered(8);
        }

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> thread.getName().contains(table)
                                || thread.getName().contains("Netty"))
                        .map(Thread::getName))
                .isEmpty());
    }

    @Test
    void interruptOfItsThreadEndsThePollAndNotTheConsumer() throws Exception {
        givenItems("customer", 4);
        consume("partitionKeys=customer&resume=memory", (builder, from) -> from.process(exchange -> {
                    if (delivered.size() == 2) {
                        Thread.currentThread().interrupt();
                    }
                })
                .delay(1)
                .asyncDelayed());

        awaitDelivered(4);
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 4));
    }

    /** The threads whose names contain the table. */
    private Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(table))
                .collect(Collectors.toSet());
    }
}
