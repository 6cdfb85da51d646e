/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.test.DynamoDbExtension;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.processor.aggregate.GroupedMessageAggregationStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Camel's strategies that collect bodies, messages or whole exchanges, on two nodes. */
class GroupedExchangesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table = dynamo.table("aggregation");
    private final AggregationNode first = new AggregationNode(dynamo, table, StateTests.clock());
    private final AggregationNode second = new AggregationNode(dynamo, table, StateTests.clock());
    private boolean failing;

    /** A class of the application. */
    record Order(String id) implements Serializable {}

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void groupedBodiesOfAllNodesAreInTheList() throws Exception {
        start(AggregationStrategies.groupedBody(), AggregationStrategies.groupedBody());

        sendThree();

        assertThat(completed().getMessage().getBody()).isEqualTo(List.of("1", "2", "3"));
    }

    @Test
    void groupedMessagesOfAllNodesAreInTheList() throws Exception {
        start(new GroupedMessageAggregationStrategy(), new GroupedMessageAggregationStrategy());

        sendThree();

        List<?> messages = completed().getMessage().getBody(List.class);
        assertThat(messages).extracting(each -> ((Message) each).getBody()).containsExactly("1", "2", "3");
        assertThat(messages)
                .extracting(each -> ((Message) each).getHeader("number"))
                .containsExactly(1, 2, 3);
    }

    @Test
    void groupedExchangesOfAllNodesAreInTheList() throws Exception {
        start(AggregationStrategies.groupedExchange(), AggregationStrategies.groupedExchange());

        sendThree();

        assertExchanges(completed());
    }

    @Test
    void groupedExchangesAreRecoveredAfterAFailure() throws Exception {
        second.repository.setRecoveryInterval(50);
        failing = true;
        start(AggregationStrategies.groupedExchange(), AggregationStrategies.groupedExchange());

        sendThree();

        Exchange completed = completed();
        assertThat(completed.getMessage().getHeader(Exchange.REDELIVERED)).isEqualTo(true);
        assertExchanges(completed);
    }

    @Test
    void groupsOfGroupsAreStored() throws Exception {
        first.repository.setShards(2);
        second.repository.setShards(2);
        first.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(constant("inner"), AggregationStrategies.groupedExchange())
                        .aggregationRepository(first.repository)
                        .optimisticLocking()
                        .completionSize(2)
                        .aggregate(constant("outer"), AggregationStrategies.groupedExchange())
                        .aggregationRepository(first.repository)
                        .optimisticLocking()
                        .completionSize(2)
                        .to("mock:out");
            }
        });
        first.started();

        for (int i = 1; i <= 4; i++) {
            send(first, "" + i, i);
        }

        List<?> outer = completed(first).getMessage().getBody(List.class);
        assertThat(outer)
                .extracting(each -> bodies(((Exchange) each).getMessage().getBody(List.class)))
                .containsExactly(List.of("1", "2"), List.of("3", "4"));
    }

    @Test
    void groupedBodyOfAClassThatIsNotAllowedIsRefusedAtItsFirstMessage() throws Exception {
        start(AggregationStrategies.groupedBody(), AggregationStrategies.groupedBody());

        assertThatThrownBy(() -> send(first, new Order("4711"), 1))
                .isInstanceOf(CamelExecutionException.class)
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("of the exchange can't be stored")
                .hasMessageContaining("name the class in allowedClasses")
                .hasMessageNotContaining("4711");
    }

    @Test
    void headerOfACollectedExchangeThatIsNotAllowedIsRefused() throws Exception {
        start(AggregationStrategies.groupedExchange(), AggregationStrategies.groupedExchange());

        assertThatThrownBy(() -> first.context
                        .createProducerTemplate()
                        .sendBodyAndHeaders("direct:in", "1", Map.of("key", "a", "order", new Order("4711"))))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("header order of the exchange can't be stored")
                .hasMessageContaining("Table " + table + ", correlation key a");
    }

    @Test
    void exchangeThatCollectsItselfIsRefused() throws Exception {
        AggregationStrategy wrong = (old, added) -> {
            Exchange group = old == null ? added : old;
            List<Object> all = new ArrayList<>();
            all.add(group);
            group.setProperty("all", all);
            return group;
        };
        start(wrong, wrong);

        assertThatThrownBy(() -> send(first, "1", 1))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("An exchange within itself is not stored");
    }

    private static List<Object> bodies(List<?> exchanges) {
        List<Object> bodies = new ArrayList<>();
        exchanges.forEach(each -> bodies.add(((Exchange) each).getMessage().getBody()));
        return bodies;
    }

    private static void assertExchanges(Exchange completed) {
        List<?> exchanges = completed.getMessage().getBody(List.class);
        assertThat(bodies(exchanges)).containsExactly("1", "2", "3");
        assertThat(exchanges)
                .extracting(each -> ((Exchange) each).getMessage().getHeader("number"))
                .containsExactly(1, 2, 3);
        assertThat(exchanges)
                .extracting(each -> ((Exchange) each).getProperty("colour"))
                .containsOnly("red");
    }

    private void start(AggregationStrategy ofFirst, AggregationStrategy ofSecond) throws Exception {
        route(first, ofFirst);
        route(second, ofSecond);
        first.started();
        second.started();
    }

    private void route(AggregationNode node, AggregationStrategy strategy) throws Exception {
        node.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .setProperty("colour", constant("red"))
                        .aggregate(header("key"), strategy)
                        .aggregationRepository(node.repository)
                        .optimisticLocking()
                        .completionSize(3)
                        .process(exchange -> {
                            if (failing) {
                                failing = false;
                                throw new IllegalStateException("told so");
                            }
                        })
                        .to("mock:out");
            }
        });
    }

    private void sendThree() {
        send(first, "1", 1);
        send(second, "2", 2);
        send(second, "3", 3);
    }

    private static void send(AggregationNode node, Object body, int number) {
        node.context
                .createProducerTemplate()
                .sendBodyAndHeaders("direct:in", body, Map.of("key", "a", "number", number));
    }

    private Exchange completed() throws InterruptedException {
        return completed(second);
    }

    private static Exchange completed(AggregationNode node) throws InterruptedException {
        MockEndpoint out = node.context.getEndpoint("mock:out", MockEndpoint.class);
        out.setResultWaitTime(20_000);
        out.expectedMessageCount(1);
        out.assertIsSatisfied();
        return out.getExchanges().get(0);
    }
}
