/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Deletes of processed items, over a network that fails. */
class ConsumerDeleteTest extends ConsumerContract {

    private final FaultPlan plan = FaultPlan.none().only("DeleteItem");
    private final FaultyHttpClient http = new FaultyHttpClient(HTTP, plan);

    @Override
    public void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", client(2));
    }

    private DynamoDbAsyncClient client(int attempts) {
        return dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(o -> o.retryStrategy(retry -> retry.maxAttempts(attempts)))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOSE_RESPONSE", "DROP", "ERROR_500_APPLIED", "THROTTLE"})
    void deleteThatTheSdkRepeatsSucceeds(String fault) throws Exception {
        givenItems("customer", 3);
        plan.next(Fault.NONE, Fault.valueOf(fault));

        consume("partitionKeys=customer&onSuccess=delete");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(3));
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 3));
        assertThat(consumer().getFailedItems()).isZero();
        assertThat(consumer().getKeptItems()).isZero();
    }

    @Test
    void itemWhoseDeleteFailsIsRedelivered() throws Exception {
        givenItems("customer", 3);
        plan.next(Fault.NONE, Fault.DROP, Fault.DROP);

        consume("partitionKeys=customer&onSuccess=delete");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactly("customer/01", "customer/02", "customer/03", "customer/02");
        assertThat(consumer().getFailedItems()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DROP", "LOSE_RESPONSE"})
    void itemWhoseDeleteFailsBlocksLaterItemsIfTheConsumerResumes(String fault) throws Exception {
        givenItems("customer", 3);
        plan.next(Fault.NONE, Fault.valueOf(fault), Fault.valueOf(fault));

        consume("partitionKeys=customer&onSuccess=delete&resume=memory");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered.stream().distinct()).containsExactlyElementsOf(names("customer", 1, 3));
        assertThat(delivered).filteredOn("customer/03"::equals).hasSize(1);
        await().untilAsserted(() -> assertThat(consumer().getFailedItems()).isEqualTo(1));
    }

    @Test
    void expiredItemIsDeletedIfExpiredItemsAreConsumed() throws Exception {
        givenExpired("01");

        consume("partitionKeys=customer&onSuccess=delete&includeExpired=true");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(delivered).containsExactly("customer/01");
    }

    @Test
    void expiredItemThatHasChangedIsKeptAndRedelivered() throws Exception {
        givenExpired("01");

        consume(
                "partitionKeys=customer&onSuccess=delete&includeExpired=true",
                (builder, from) -> from.process(one -> {
                    if (delivered.size() == 1) {
                        Map<String, AttributeValue> changed = item("customer", "01", "changed", 2);
                        changed.put("expires", number(2));
                        dynamo.rawPut(table, changed);
                    }
                }));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactly("customer/01", "customer/01");
        assertThat(consumer().getKeptItems()).isEqualTo(1);
    }

    private void givenExpired(String name) {
        Map<String, AttributeValue> expired = item("customer", name, "v1", 1);
        expired.put("expires", number(1));
        dynamo.rawPut(table, expired);
    }

    @Test
    void itemThatTheRouteHasDeletedIsDone() throws Exception {
        givenItems("customer", 2);

        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> from.to(store("operation=delete")));

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(2));
        assertThat(consumer().getFailedItems()).isZero();
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 2));
    }

    @Test
    void itemThatTheRouteHasUpdatedIsDeletedAtTheVersionThatItWroteLast() throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> from.to(store("operation=update"))
                .to(store("operation=update")));

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(stored()).isEmpty();
        assertThat(delivered).containsExactly("customer/01");
        assertThat(consumer().getKeptItems()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "update&optimisticLocking=false"})
    void itemThatTheRouteHasWrittenWithoutAskingForItsVersionIsDeleted(String operation) throws Exception {
        givenItems("customer", 1);

        consume(
                "partitionKeys=customer&onSuccess=delete",
                (builder, from) -> from.to(store("returnVersion=false&operation=" + operation)));

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(stored()).isEmpty();
        assertThat(delivered).containsExactly("customer/01");
    }

    @Test
    void itemThatACopyOfTheExchangeHasUpdatedIsDeleted() throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> from.split(builder.constant("one"))
                .to(store("operation=update"))
                .end());

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(stored()).isEmpty();
    }

    @Test
    void itemThatTheRouteHasDeletedAndCreatedIsDeleted() throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> from.to(store("operation=update"))
                .to(store("operation=delete"))
                .to(store("operation=create")));

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(stored()).isEmpty();
    }

    @Test
    void itemThatAnotherWriterChangesAfterTheUpdateOfTheRouteIsKeptEvenIfTheRouteReadsItAgain() throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&onSuccess=delete", (builder, from) -> from.choice()
                .when(exchange -> "v1".equals(exchange.getMessage().getBody()))
                .to(store("operation=update"))
                .process(exchange -> dynamo.rawPut(table, item("customer", "01", "theirs", 7)))
                .to(store("operation=get")));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactly("customer/01", "customer/01");
        assertThat(consumer().getKeptItems()).isEqualTo(1);
    }
}
