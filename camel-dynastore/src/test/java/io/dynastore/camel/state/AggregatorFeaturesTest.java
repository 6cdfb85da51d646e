/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Camel's aggregator does with the repository beside the usual completions, on two nodes. */
class AggregatorFeaturesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table = dynamo.table("aggregation");
    private final AggregationNode first = new AggregationNode(dynamo, table, StateTests.clock());
    private final AggregationNode second = new AggregationNode(dynamo, table, StateTests.clock());

    @BeforeEach
    void limitWaits() {
        for (AggregationNode node : List.of(first, second)) {
            node.repository.setShards(2);
            node.repository.setRecoveryInterval(3_600_000);
            node.context.getShutdownStrategy().setTimeout(60);
        }
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void stopWaitsForTheGroupsOfAllNodesIfItIsTo() throws Exception {
        for (AggregationNode node : List.of(first, second)) {
            route(node, aggregate -> aggregate
                    .completionTimeout(400)
                    .completionTimeoutCheckerInterval(20)
                    .completeAllOnStop());
            node.started();
        }
        send(first, "a", "1");
        send(second, "b", "2");

        first.context.getRouteController().stopRoute("in");

        assertThat(first.repository.getKeys()).isEmpty();
        StateTests.await().until(() -> received(first) + received(second) == 2);
    }

    @Test
    void batchCompletesTheGroupsThatItHasTouchedWithTheMessagesOfAllNodes() throws Exception {
        route(first, aggregate -> aggregate.completionFromBatchConsumer());
        route(second, aggregate -> aggregate.completionSize(100));
        first.started();
        second.started();
        send(second, "a", "0");
        send(second, "c", "stays");

        for (int i = 0; i < 4; i++) {
            sendOfBatch(first, i < 2 ? "a" : "b", "" + i, i, 4);
        }

        assertThat(bodies(first, 2)).containsExactlyInAnyOrder("0,0,1", "2,3");
        assertThat(out(first).getExchanges())
                .extracting(each -> each.getProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY))
                .containsOnly("consumer");
        assertThat(second.repository.getKeys()).containsExactly("c");
    }

    @Test
    void groupOfOneAggregatorIsAMessageOfTheNext() throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        DynaStoreAggregationRepository outer = outer();
        first.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(constant("inner"), new Joining())
                        .aggregationRepository(first.repository)
                        .optimisticLocking()
                        .completionSize(2)
                        .aggregate(constant("outer"), new Joining())
                        .aggregationRepository(outer)
                        .optimisticLocking()
                        .completionSize(2)
                        .process(exchange -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("told so");
                            }
                        })
                        .to("mock:out");
            }
        });
        first.started();

        for (int i = 1; i <= 4; i++) {
            send(first, "any", "" + i);
        }

        assertThat(bodies(first, 1)).containsExactly("1,2,3,4");
        assertThat(outer.getRecoveredCount()).isEqualTo(1);
        assertThat(outer.getCompletedCount()).isEqualTo(1);
        assertThat(first.repository.getCompletedCount()).isEqualTo(2);
        assertThat(first.repository.getRecoveredCount()).isZero();
        StateTests.await().until(() -> outer.getInFlightCount() == 0 && first.repository.getInFlightCount() == 0);
        assertThat(first.repository.scan(first.context)).isEmpty();
        assertThat(outer.scan(first.context)).isEmpty();
    }

    private DynaStoreAggregationRepository outer() {
        DynaStoreAggregationRepository outer = new DynaStoreAggregationRepository();
        outer.setTableName(table);
        outer.setName("outer");
        outer.setShards(2);
        outer.setRecoveryInterval(50);
        outer.setDynamoDbAsyncClient(first.repository.getDynamoDbAsyncClient());
        return outer;
    }

    @Test
    void operatorCompletesOrDiscardsGroupsOfAllNodes() throws Exception {
        route(first, aggregate -> aggregate.completionSize(100));
        first.started();
        second.started();
        AggregateProcessor aggregator =
                Objects.requireNonNull(first.context.getProcessor("aggregator", AggregateProcessor.class));
        for (String key : List.of("a", "b", "c", "d", "e")) {
            second.aggregate(key, key);
        }

        assertThat(aggregator.forceCompletionOfGroup("a")).isEqualTo(1);
        assertThat(aggregator.forceDiscardingOfGroup("b")).isEqualTo(1);
        assertThat(aggregator.forceCompletionOfGroup("unknown")).isZero();
        assertThat(second.repository.getKeys()).containsExactlyInAnyOrder("c", "d", "e");
        assertThat(second.repository.countGroups()).isEqualTo(3);
        assertThat(aggregator.forceCompletionOfAllGroups()).isEqualTo(3);
        second.aggregate("f", "f");
        assertThat(aggregator.forceDiscardingOfAllGroups()).isEqualTo(1);

        assertThat(bodies(first, 4)).containsExactlyInAnyOrder("a", "c", "d", "e");
        assertThat(second.repository.getKeys()).isEmpty();
        StateTests.await().until(() -> first.repository.getInFlightCount() == 0);
        assertThat(first.repository.scan(first.context)).isEmpty();
        assertThat(second.repository.scan(second.context)).isEmpty();
    }

    @Test
    void repositoryThatOnlyAnAggregatorStartsIsAServiceOfTheContextAsManagementNeedsIt() throws Exception {
        List<Service> added = new CopyOnWriteArrayList<>();
        first.context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onServiceAdd(CamelContext context, Service service, @Nullable Route route) {
                added.add(service);
            }
        });
        route(first, aggregate -> aggregate.completionSize(100));

        first.context.start();

        assertThat(added).containsOnlyOnce(first.repository);
        assertThat(first.context.hasService(first.repository)).isTrue();
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
                aggregate.setId("aggregator");
                completion.on(aggregate).to("mock:out");
            }
        });
    }

    private static MockEndpoint out(AggregationNode node) {
        return node.context.getEndpoint("mock:out", MockEndpoint.class);
    }

    private static List<Object> bodies(AggregationNode node, int number) {
        StateTests.await().until(() -> received(node) >= number);
        return out(node).getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody())
                .toList();
    }

    private static int received(AggregationNode node) {
        return out(node).getReceivedCounter();
    }

    private static void send(AggregationNode node, String key, String body) {
        node.context.createProducerTemplate().sendBodyAndHeader("direct:in", body, "key", key);
    }

    private static void sendOfBatch(AggregationNode node, String key, String body, int index, int size) {
        node.context.createProducerTemplate().send("direct:in", exchange -> {
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, size);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == size - 1);
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("key", key);
        });
    }
}
