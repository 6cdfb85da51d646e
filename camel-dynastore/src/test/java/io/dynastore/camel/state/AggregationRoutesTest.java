/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.AggregationNode.LEASE;
import static io.dynastore.camel.state.AggregationNode.SKEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Aggregators of two nodes on one repository: recovery, dead letters, and which completion fires where. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregationRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final SettableClock clock = StateTests.clock();
    private final String table = dynamo.table("aggregation");
    private final List<AggregationNode> nodes = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();

    @AfterEach
    void stop() {
        nodes.forEach(AggregationNode::close);
    }

    @Test
    void failedGroupIsDeliveredAgainUntilItGoesToTheDeadLetterEndpoint() throws Exception {
        failures.set(100);
        AggregationNode node = node();
        node.repository.setRecoveryInterval(50);
        node.repository.setMaximumRedeliveries(2);
        node.repository.setDeadLetterUri("mock:dead");
        route(node, aggregate -> aggregate.completionSize(2));
        node.started();
        MockEndpoint dead = mock(node, "dead");
        dead.expectedBodiesReceived("1,2");

        send(node, "1");
        send(node, "2");

        dead.assertIsSatisfied();
        Exchange exchange = dead.getExchanges().get(0);
        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER)).isEqualTo(2);
        assertThat(failures).hasValue(97);
        StateTests.await().until(() -> node.repository.getExhaustedCount() == 1);
        assertThat(node.repository.getRecoveredCount()).isEqualTo(2);
        StateTests.await().until(() -> node.repository.scan(node.context).isEmpty());
    }

    @Test
    void scanThatFailsDoesNotEndRecovery() throws Exception {
        AggregationNode node = node();
        node.repository.setRecoveryInterval(50);
        route(node, aggregate -> aggregate.completionSize(2));
        node.started();
        node.http.cut();
        StateTests.await().until(() -> node.repository.scan(node.context).isEmpty());
        node.http.heal();
        failures.set(1);
        mock(node, "out").expectedBodiesReceived("1,2");

        send(node, "1");
        send(node, "2");

        mock(node, "out").assertIsSatisfied();
        assertThat(mock(node, "out").getExchanges().get(0).getProperty(DynaStoreAggregationRepository.DELIVERY_COUNT))
                .isEqualTo(1);
    }

    @Test
    void timeOutThatAnotherNodeHasMovedCompletesNothing() throws Exception {
        AggregationNode first = adopting();
        AggregationNode second = adopting();
        aggregateWithTimeout(first, "1", 10_000);
        clock.advance(Duration.ofSeconds(9));
        aggregateWithTimeout(second, "2", 10_000);
        clock.advance(Duration.ofSeconds(2));

        assertThatThrownBy(() -> timeOut(first)).isInstanceOf(OptimisticLockingException.class);
        assertThat(second.body("a")).isEqualTo("1,2");

        timeOut(second);
        assertThat(second.body("a")).isNull();
    }

    @Test
    void timeOutOfADeadNodeIsAdoptedByOneOfTheOthers() throws Exception {
        AggregationNode dead = adopting();
        AggregationNode second = adopting();
        AggregationNode third = adopting();
        aggregateWithTimeout(dead, "1", 10_000);
        second.aggregate("b", "no time-out");
        dead.http.cut();

        clock.advance(Duration.ofSeconds(60));
        second.repository.adoptDue();
        assertThat(second.repository.scan(second.context)).isEmpty();
        clock.advance(Duration.ofSeconds(20));
        second.repository.adoptDue();
        third.repository.adoptDue();
        clock.advance(Duration.ofSeconds(60));
        third.repository.adoptDue();

        assertThat(second.repository.getAdoptedCount() + third.repository.getAdoptedCount())
                .isEqualTo(1);
        assertThat(second.repository.getKeys()).containsExactly("b");
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        String id = third.repository.scan(third.context).iterator().next();
        Exchange recovered = Objects.requireNonNull(third.repository.recover(third.context, id));
        assertThat(recovered.getMessage().getBody()).isEqualTo("1");
        assertThat(recovered.getProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY))
                .isEqualTo("timeout");
        assertThat(recovered.getProperty(ExchangePropertyKey.AGGREGATED_CORRELATION_KEY))
                .isEqualTo("a");
    }

    @Test
    void restartedNodeRestoresItsTimeOuts() throws Exception {
        AggregationNode first = node();
        route(first, aggregate -> aggregate.completionTimeout(300).completionTimeoutCheckerInterval(3_600_000));
        first.started();
        send(first, "1");
        first.close();
        AggregationNode second = node();
        route(second, aggregate -> aggregate.completionTimeout(300).completionTimeoutCheckerInterval(20));
        mock(second, "out").expectedBodiesReceived("1");

        second.started();

        mock(second, "out").assertIsSatisfied();
    }

    @Test
    void intervalOfTwoNodesCompletesEachGroupOnceAndSurvivesErrors() throws Exception {
        AggregationNode first = node();
        AggregationNode second = node();
        for (AggregationNode node : nodes) {
            route(node, aggregate -> aggregate.completionInterval(100));
            node.started();
        }
        first.plan.next(Fault.THROTTLE, Fault.THROTTLE, Fault.THROTTLE, Fault.THROTTLE, Fault.THROTTLE);
        for (int i = 0; i < 20; i++) {
            sendTo(second, "key-" + i, "" + i);
        }

        StateTests.await().until(() -> received(first) + received(second) >= 20);
        StateTests.await().until(() -> second.repository.getKeys().isEmpty());
        assertThat(received(first) + received(second)).isEqualTo(20);
    }

    @Test
    void stopCompletesTheGroupsOfAllNodesIfItIsTo() throws Exception {
        AggregationNode first = node();
        AggregationNode second = node();
        route(first, aggregate -> aggregate.completionSize(100).forceCompletionOnStop());
        route(second, aggregate -> aggregate.completionSize(100));
        first.started();
        second.started();
        sendTo(second, "of-the-second", "1");

        first.context.getRouteController().stopRoute("in");

        assertThat(received(first)).isEqualTo(1);
        assertThat(second.repository.getKeys()).isEmpty();
    }

    @Test
    void strategyThatReturnsTheNewExchangeWorksWithoutRecovery() throws Exception {
        AggregationNode node = node();
        AggregationStrategy latest = (old, added) -> added;
        node.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(header("key"), latest)
                        .aggregationRepository(node.repository)
                        .optimisticLocking()
                        .completionSize(3)
                        .to("mock:out");
            }
        });
        node.started();
        mock(node, "out").expectedBodiesReceived("3");

        send(node, "1");
        send(node, "2");
        send(node, "3");

        mock(node, "out").assertIsSatisfied();
        assertThat(node.repository.scan(node.context)).isEmpty();
        assertThat(node.repository.getUnrecoverableCount()).isEqualTo(1);
    }

    @Test
    void withoutOptimisticLockingOneNodeAggregatesToo() throws Exception {
        AggregationNode node = node();
        node.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(header("key"), new Joining())
                        .aggregationRepository(node.repository)
                        .completionSize(3)
                        .to("mock:out");
            }
        });
        node.started();
        mock(node, "out").expectedBodiesReceived("1,2,3");

        send(node, "1");
        send(node, "2");
        send(node, "3");

        mock(node, "out").assertIsSatisfied();
    }

    @Test
    void abandonedGroupExpires() throws Exception {
        AggregationNode node = node();
        node.repository.setTtl(Duration.ofHours(1));
        node.started();
        node.aggregate("a", "1");
        clock.advance(Duration.ofMinutes(59));
        node.aggregate("a", "2");
        assertThat(node.body("a")).isEqualTo("1,2");

        clock.advance(Duration.ofSeconds(3_601));

        assertThat(node.body("a")).isNull();
        assertThat(node.repository.getKeys()).isEmpty();
        node.aggregate("a", "3");
        assertThat(node.body("a")).isEqualTo("3");
    }

    private AggregationNode node() {
        AggregationNode node = new AggregationNode(dynamo, table, clock);
        node.repository.setRecoveryInterval(3_600_000);
        node.repository.setShards(2);
        node.context.getShutdownStrategy().setTimeout(60);
        nodes.add(node);
        return node;
    }

    private AggregationNode adopting() throws Exception {
        AggregationNode node = node();
        node.repository.setAdoptTimeouts(true);
        return node.started();
    }

    private static void aggregateWithTimeout(AggregationNode node, String body, long milliseconds) {
        Exchange old = node.repository.get(node.context, "a");
        Exchange added = node.message(body);
        added.setProperty(ExchangePropertyKey.AGGREGATED_TIMEOUT, milliseconds);
        node.repository.add(node.context, "a", old, new Joining().aggregate(old, added));
    }

    /** What an aggregator does if its time-out is over. */
    private static void timeOut(AggregationNode node) {
        Exchange exchange = node.get("a");
        exchange.setProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY, "timeout");
        node.repository.remove(node.context, "a", exchange);
    }

    private void route(AggregationNode node, AggregationRepositoryContract.Completion completion) throws Exception {
        node.route(new RouteBuilder() {
            @Override
            public void configure() {
                AggregateDefinition aggregate = from("direct:in")
                        .routeId("in")
                        .aggregate(header("key"), new Joining())
                        .aggregationRepository(node.repository)
                        .optimisticLocking();
                completion
                        .on(aggregate)
                        .process(exchange -> {
                            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                                throw new IllegalStateException("told so");
                            }
                        })
                        .to("mock:out");
            }
        });
    }

    private static MockEndpoint mock(AggregationNode node, String name) {
        MockEndpoint mock = node.context.getEndpoint("mock:" + name, MockEndpoint.class);
        mock.setResultWaitTime(60_000);
        return mock;
    }

    private static int received(AggregationNode node) {
        return mock(node, "out").getReceivedCounter();
    }

    private static void send(AggregationNode node, String body) {
        sendTo(node, "a", body);
    }

    private static void sendTo(AggregationNode node, String key, String body) {
        node.context.createProducerTemplate().sendBodyAndHeader("direct:in", body, "key", key);
    }
}
