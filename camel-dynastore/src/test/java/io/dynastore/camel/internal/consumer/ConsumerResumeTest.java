/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Where a cycle begins, and which items wait behind a failed one. */
class ConsumerResumeTest extends ConsumerContract {

    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private final RouteBody failingOnDemand = (builder, from) -> from.process(exchange -> {
        if (failing.contains(name(exchange))) {
            throw new IllegalStateException("on demand");
        }
    });

    @ParameterizedTest
    @ValueSource(strings = {"memory", "table"})
    void deliversOnlyItemsBehindThePosition(String resume) throws Exception {
        givenItems("customer", 3);
        consume("partitionKeys=customer&resume=" + resume);
        awaitDelivered(3);
        awaitPolls(2);

        givenItems("customer", 4, 5);
        awaitDelivered(5);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 5));
    }

    @Test
    void continuesAfterARestartOfTheRouteIfThePositionIsInATable() throws Exception {
        givenItems("customer", 3);
        consume("partitionKeys=customer&resume=table");
        awaitDelivered(3);
        context.getRouteController().stopRoute(ROUTE);
        givenItems("customer", 4, 4);

        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(4);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 4));
    }

    @Test
    void beginsAtTheStartAfterARestartOfTheRouteIfThePositionIsInMemory() throws Exception {
        givenItems("customer", 2);
        consume("partitionKeys=customer&resume=memory");
        awaitDelivered(2);

        context.getRouteController().stopRoute(ROUTE);
        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(4);

        assertThat(delivered).containsExactly("customer/01", "customer/02", "customer/01", "customer/02");
    }

    @Test
    void savesThePositionOnceForAPage() throws Exception {
        givenItems("customer", 7);
        consume("partitionKeys=customer&resume=table&pageSize=3&resumeId=mine");
        awaitDelivered(7);
        awaitPolls(1);

        assertThat(dynamo.rawGet(table, key("_ds/position/mine", "customer"))).containsEntry("version", number(3));
    }

    @Test
    void writesNothingAndReadsOnceInAPollThatFindsNothing() throws Exception {
        givenItems("customer", 2);
        consume("partitionKeys=customer&resume=table");
        awaitDelivered(2);
        awaitPolls(1);
        HTTP.clear();
        long before = consumer().getCounter();
        awaitPolls(5);
        context.getRouteController().suspendRoute(ROUTE);

        assertThat(Set.copyOf(sent())).containsExactly("Query");
        assertThat((long) sent().size()).isLessThanOrEqualTo(consumer().getCounter() - before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "table"})
    void makesLaterItemsOfThePartitionWaitBehindAFailedOne(String resume) throws Exception {
        givenItems("customer", 4);
        givenItems("order", 2);
        failing.add("customer/02");
        consume("partitionKeys=customer,order&resume=" + resume, failingOnDemand);

        await().until(() -> delivered.stream().filter("customer/02"::equals).count() > 2);
        assertThat(delivered).contains("customer/01", "order/01", "order/02").doesNotContain("customer/03");
        failing.clear();

        await().until(() -> delivered.contains("customer/04"));
        assertThat(delivered).filteredOn("customer/01"::equals).hasSize(1);
        assertThat(delivered.stream().distinct().filter(name -> name.startsWith("customer")))
                .containsExactlyElementsOf(names("customer", 1, 4));
    }

    @Test
    void deliversOtherItemsAndRedeliversTheFailedOneWithoutResume() throws Exception {
        givenItems("customer", 3);
        failing.add("customer/02");
        consume("partitionKeys=customer&onSuccess=delete", failingOnDemand);

        await().untilAsserted(() ->
                assertThat(stored()).extracting(item -> item.get("name")).containsExactly(text("02")));
        failing.clear();

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
    }

    @Test
    void lateConsumerCanNotMoveThePositionBack() throws Exception {
        givenItems("customer", 2);
        consume("partitionKeys=customer&resume=table&resumeId=mine");
        awaitDelivered(2);
        awaitPolls(1);
        context.getRouteController().suspendRoute(ROUTE);
        Map<String, AttributeValue> moved = positionBehind("05");
        context.getRouteController().resumeRoute(ROUTE);

        // It still knows the old position, and so redelivers an item. But its save fails.
        awaitDelivered(3);
        givenItems("customer", 4, 4);
        givenItems("customer", 6, 6);
        awaitDelivered(4);
        awaitPolls(1);

        assertThat(delivered).containsExactly("customer/01", "customer/02", "customer/05", "customer/06");
        assertThat(dynamo.rawGet(table, key("_ds/position/mine", "customer")))
                .containsEntry("version", number(version(moved) + 1));
    }

    /** Another consumer moves the position of the same resumeId. */
    private Map<String, AttributeValue> positionBehind(String sortKey) throws Exception {
        given("customer", sortKey, "v");
        try (DefaultCamelContext other = new DefaultCamelContext()) {
            configure(other);
            List<String> theirs = new CopyOnWriteArrayList<>();
            other.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(store("partitionKeys=customer&resume=table&resumeId=mine" + QUICK))
                            .process(exchange -> theirs.add(name(exchange)));
                }
            });
            other.start();
            await().untilAsserted(() -> assertThat(theirs).containsExactly("customer/" + sortKey));
        }
        return dynamo.rawGet(table, key("_ds/position/mine", "customer"));
    }

    private static long version(Map<String, AttributeValue> item) {
        return Long.parseLong(Objects.requireNonNull(item.get("version")).n());
    }
}
