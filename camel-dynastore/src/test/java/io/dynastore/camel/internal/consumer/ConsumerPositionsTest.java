/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Positions in a table, over a network that fails, and with other consumers. */
class ConsumerPositionsTest extends ConsumerContract {

    private static final String MINE = "partitionKeys=customer&resume=table&resumeId=mine";

    private final FaultPlan plan = FaultPlan.none().only("PutItem", "UpdateItem");
    private final List<String> reported = new CopyOnWriteArrayList<>();

    @Override
    public void configure(DefaultCamelContext fresh) {
        fresh.getRegistry()
                .bind(
                        "client",
                        dynamo.clientBuilder()
                                .httpClient(new FaultyHttpClient(HTTP, plan))
                                .overrideConfiguration(o -> o.retryStrategy(retry -> retry.maxAttempts(1)))
                                .build());
    }

    private Map<String, AttributeValue> position(String partition) {
        return dynamo.rawGet(table, key("_ds/position/mine", partition));
    }

    /** Starts a consumer that reports its errors. */
    private void consumeReporting(DefaultCamelContext where, String options) throws Exception {
        RouteBuilder.addRoutes(where, builder -> {
            builder.onException(Exception.class)
                    .handled(true)
                    .process(exchange -> reported.add(String.valueOf(exchange.getProperty(Exchange.EXCEPTION_CAUGHT))));
            builder.from(store(options + "&bridgeErrorHandler=true" + QUICK))
                    .routeId(ROUTE)
                    .process(exchange -> delivered.add(name(exchange)));
        });
    }

    @ParameterizedTest
    @CsvSource({"DROP, 0", "LOSE_RESPONSE, 0", "DROP, 1", "LOSE_RESPONSE, 1", "ERROR_500_APPLIED, 1"})
    void failedSaveIsRepeatedByTheNextPoll(Fault fault, int after) throws Exception {
        givenItems("customer", 6);
        for (int i = 0; i < after; i++) {
            plan.next(Fault.NONE);
        }
        plan.next(fault);

        consume(MINE + "&pageSize=3");
        awaitDelivered(6);
        await().until(() ->
                position("customer").getOrDefault("version", number(0)).equals(number(2)));
        context.getRouteController().stopRoute(ROUTE);
        givenItems("customer", 7, 7);
        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(7);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 7));
    }

    @Test
    void positionsOfTwoConsumersNeverShareAnItem() throws Exception {
        String plain = dynamo.table("plain", TableSpec.partitionKey("id", ScalarAttributeType.S));
        List.of("b/c", "c").forEach(id -> dynamo.rawPut(plain, Map.of("id", text(id), "payload", text(id))));
        String from = "dynastore:" + plain + "?sortKeyName=none&resume=table" + QUICK;
        RouteBuilder.addRoutes(context, builder -> {
            builder.from(from + "&resumeId=a&partitionKeys=b/c").to("direct:record");
            builder.from(from + "&resumeId=a/b&partitionKeys=c").to("direct:record");
            builder.from("direct:record")
                    .process(exchange -> delivered.add(exchange.getMessage().getBody(String.class)));
        });

        await().untilAsserted(() -> assertThat(dynamo.rawScan(plain))
                .extracting(item -> Objects.requireNonNull(item.get("id")).s())
                .containsExactlyInAnyOrder("b/c", "c", "_ds/position/a/b/c", "_ds/position/a%2Fb/c"));
        assertThat(delivered).containsExactlyInAnyOrder("b/c", "c");
    }

    @Test
    void failedLastSaveIsRepeatedWithoutAnotherItem() throws Exception {
        givenItems("customer", 2);
        plan.next(Fault.DROP, Fault.DROP, Fault.DROP);

        consume(MINE);

        await().until(() -> !position("customer").isEmpty());
        awaitPolls(1);
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 2));
    }

    @Test
    void beginsAtTheStartIfThePositionWasDeletedMeanwhile() throws Exception {
        givenItems("customer", 2);
        consume(MINE);
        awaitDelivered(2);
        awaitPolls(1);
        context.getRouteController().stopRoute(ROUTE);

        dynamo.client()
                .deleteItem(delete -> delete.tableName(table).key(key("_ds/position/mine", "customer")))
                .join();
        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(4);

        assertThat(delivered).containsExactly("customer/01", "customer/02", "customer/01", "customer/02");
    }

    @Test
    void detectsAtItsNextSaveThatThePositionWasDeleted() throws Exception {
        givenItems("customer", 2);
        consumeReporting(context, MINE);
        awaitDelivered(2);
        awaitPolls(1);

        dynamo.client()
                .deleteItem(delete -> delete.tableName(table).key(key("_ds/position/mine", "customer")))
                .join();
        givenItems("customer", 3, 3);
        awaitDelivered(6);

        assertThat(delivered)
                .containsExactly(
                        "customer/01", "customer/02", "customer/03", "customer/01", "customer/02", "customer/03");
        assertThat(reported).singleElement().asString().contains("moved or removed by another process");
    }

    @Test
    void reportsThatTwoConsumersUseOneResumeId() throws Exception {
        givenItems("customer", 1);
        consumeReporting(context, MINE);
        awaitDelivered(1);
        awaitPolls(1);
        try (DefaultCamelContext other = new DefaultCamelContext()) {
            configure(other);
            other.start();
            consumeReporting(other, MINE);

            for (int number = 2; number < 30 && reported.isEmpty(); number++) {
                int before = delivered.size();
                givenItems("customer", number, number);
                awaitDelivered(before + 1);
            }
        }

        await().untilAsserted(() -> assertThat(reported)
                .first()
                .asString()
                .contains(table, "_ds/position/mine", "resumeId", "give each its own"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sortKeyFrom=02", "sortKeyPrefix=0", "partitionKeyName=id&sortKeyTo=09"})
    void rejectsAPositionOfAnotherRangeAndNamesTheRemedy(String other) throws Exception {
        givenItems("customer", 3);
        consume(MINE);
        awaitDelivered(3);
        awaitPolls(1);
        context.getRouteController().stopRoute(ROUTE);
        context.removeRoute(ROUTE);

        consumeReporting(context, MINE + "&" + other);

        await().until(() -> !reported.isEmpty());
        assertThat(reported.get(0)).contains(table, "_ds/position/mine", "customer", "Set another resumeId");
        assertThat(delivered).hasSize(3);
    }

    @Test
    void keepsPositionsInAStateTable() throws Exception {
        givenItems("customer", 2);
        String state = dynamo.freshName("state");

        consume(MINE + "&autoCreateTable=true&stateTable=" + state);
        awaitDelivered(2);
        await().until(() ->
                !dynamo.rawGet(state, key("_ds/position/mine", "customer")).isEmpty());

        assertThat(stored()).hasSize(2);
    }

    @Test
    void savesOnceForAPageWhateverItsSize() throws Exception {
        givenItems("customer", 12);

        consume(MINE + "&pageSize=4");
        awaitDelivered(12);
        await().until(() ->
                position("customer").getOrDefault("version", number(0)).equals(number(3)));
        awaitPolls(2);

        assertThat(sent())
                .filteredOn(name -> name.equals("UpdateItem") || name.equals("PutItem"))
                .hasSize(3);
    }
}
