/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What goes over the wire: one request for each operation, and no payload that nobody asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String PAYLOAD = "payload-" + "x".repeat(4000);

    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final StoreFixture table = StoreFixture.standard(dynamo, client);
    private Key key = Key.of("-", "-");
    private int tests;

    @BeforeEach
    void beginAfresh() {
        key = Key.of("p" + ++tests, "a");
        table.write(Call.create(key, PAYLOAD));
        // From here on the store knows that this engine returns old items.
        assertThatThrownBy(() -> table.run(Call.create(key, PAYLOAD))).isInstanceOf(KeyExistsException.class);
        http.clear();
    }

    @AfterAll
    void close() {
        client.close();
        http.close();
    }

    @Test
    void createIsOneRequestThatGetsNothingBack() {
        table.run(Call.create(Key.of(key.partitionKey(), "new"), PAYLOAD));

        RecordedRequest sent = only("PutItem");
        assertThat(sent.request().path("ReturnValues").asText("NONE")).isEqualTo("NONE");
        withoutPayload(sent);
    }

    @Test
    void versionedWritesGetNothingBack() {
        table.run(Call.update(key, PAYLOAD).expectedVersion(1L));
        withoutPayload(only("UpdateItem"));

        http.clear();
        table.run(Call.put(key, PAYLOAD).expectedVersion(2L));
        withoutPayload(only("UpdateItem"));
    }

    @Test
    void writesThatNeedNotTellTheirVersionGetNothingBack() {
        table.run(Call.update(key, PAYLOAD).returnVersion(false));
        withoutPayload(only("UpdateItem"));

        http.clear();
        table.run(Call.put(key, PAYLOAD).returnVersion(false));
        withoutPayload(only("UpdateItem"));
    }

    @Test
    void updateWithoutExpectedVersionGetsWhatItChangedBackToKnowItsVersion() {
        table.run(Call.update(key, PAYLOAD));

        assertThat(only("UpdateItem")
                        .response()
                        .path("Attributes")
                        .path("version")
                        .path("N")
                        .asText())
                .isEqualTo("2");
    }

    @Test
    void putIsOneRequestWhetherOrNotTheItemExists() {
        table.run(Call.put(key, PAYLOAD));
        only("UpdateItem");

        http.clear();
        table.run(Call.put(Key.of(key.partitionKey(), "new"), PAYLOAD));
        only("UpdateItem");
    }

    @Test
    void getIsOneRequestForAllAttributes() {
        table.run(Call.get(key));

        assertThat(only("GetItem").response().toString()).contains(PAYLOAD);
    }

    @Test
    void existsTransfersNoPayload() {
        table.run(Call.exists(key));

        withoutPayload(only("GetItem"));
    }

    @Test
    void deleteIsOneRequestThatGetsNothingBack() {
        table.run(Call.delete(key));

        withoutPayload(only("DeleteItem"));
    }

    @Test
    void deleteOfItemThatNeedNotExistIsOneRequest() {
        table.run(Call.delete(Key.of(key.partitionKey(), "absent")).mustExist(false));

        only("DeleteItem");
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void conflictAndMissingItemCostNoSecondRequest() {
        Key absent = Key.of(key.partitionKey(), "absent");
        for (Call.Builder<?> call : List.<Call.Builder<?>>of(
                Call.create(key, PAYLOAD),
                Call.update(key, PAYLOAD).expectedVersion(9L),
                Call.update(absent, PAYLOAD),
                Call.update(absent, PAYLOAD).expectedVersion(1L),
                Call.put(absent, PAYLOAD).expectedVersion(1L),
                Call.delete(key).expectedVersion(9L),
                Call.delete(absent))) {
            http.clear();
            assertThatThrownBy(() -> table.run(call)).isInstanceOf(DynaStoreException.class);
            assertThat(http.requests()).hasSize(1);
        }
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void onlyAnEngineThatIsNotKnownToReturnOldItemsIsReadAfterAFailure() {
        DynaStore fresh = DynaStore.builder(client, table.schema).build();
        Key absent = Key.of(key.partitionKey(), "absent");

        assertThatThrownBy(() -> StoreFixture.run(fresh, Call.delete(absent))).isInstanceOf(KeyNotFoundException.class);
        assertThat(http.requests()).extracting(RecordedRequest::operation).containsExactly("DeleteItem", "GetItem");
        assertThat(http.requests().get(1).request().path("ConsistentRead").asBoolean())
                .isTrue();

        assertThatThrownBy(() -> StoreFixture.run(fresh, Call.create(key, "x"))).isInstanceOf(KeyExistsException.class);
        http.clear();
        assertThatThrownBy(() -> StoreFixture.run(fresh, Call.delete(absent))).isInstanceOf(KeyNotFoundException.class);
        only("DeleteItem");
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void replacingAnExpiredItemCostsOneMoreRequest() {
        table.rawPutExpired(key);
        http.clear();
        table.run(Call.create(key, PAYLOAD));
        assertThat(http.requests()).extracting(RecordedRequest::operation).containsExactly("PutItem", "PutItem");

        table.rawPutExpired(key);
        http.clear();
        table.run(Call.put(key, PAYLOAD));
        assertThat(http.requests()).extracting(RecordedRequest::operation).containsExactly("UpdateItem", "PutItem");
    }

    @Test
    void listAndBatchGetAreOneRequestForAFewItems() {
        table.run(Call.list(key.partitionKey()));
        assertThat(only("Query").request().path("ConsistentRead").asBoolean()).isFalse();

        http.clear();
        table.run(Call.batchGet(List.of(key, key, Key.of("b", "c"))));
        JsonNode asked = only("BatchGetItem").request().path("RequestItems").path(table.schema.table());
        assertThat(asked.path("Keys")).hasSize(2);
    }

    @Test
    void refusedInputIsNotSent() {
        for (Call.Builder<?> call : List.<Call.Builder<?>>of(
                Call.create(Key.of("p"), "x"),
                Call.put(key, Double.NaN),
                Call.update(key, "x").fields(Map.of("payload", "x")),
                Call.get(Key.of(1, 2)),
                Call.exists(Key.of("", "a")),
                Call.delete(Key.of("p")),
                Call.list(1),
                Call.list("p").nextToken("nonsense"),
                Call.batchGet(List.of(key, Key.of("p"))))) {
            assertThatThrownBy(() -> table.run(call)).isInstanceOf(InvalidInputException.class);
        }
        assertThat(http.requests()).isEmpty();
    }

    @Test
    void capacityOfAllRequestsOfACallIsAddedUp() {
        List<Key> keys = IntStream.range(0, 150)
                .mapToObj(i -> Key.of(key.partitionKey(), i == 149 ? "a" : "k" + i))
                .toList();

        double reported = table.run(Call.batchGet(keys)).consumedCapacity();

        assertThat(http.requests()).hasSize(2);
        assertThat(reported)
                .isEqualTo(http.requests().stream()
                        .flatMap(request -> request.response().findValues("CapacityUnits").stream())
                        .mapToDouble(JsonNode::asDouble)
                        .sum())
                .isPositive();
    }

    private RecordedRequest only(String operation) {
        assertThat(http.requests()).singleElement().satisfies(request -> {
            assertThat(request.operation()).isEqualTo(operation);
            assertThat(request.request().path("ReturnConsumedCapacity").asText())
                    .isEqualTo("TOTAL");
        });
        return http.requests().get(0);
    }

    private static void withoutPayload(RecordedRequest request) {
        assertThat(request.response().toString()).doesNotContain("payload-");
        assertThat(request.responseBytes()).isLessThan(1000);
    }
}
