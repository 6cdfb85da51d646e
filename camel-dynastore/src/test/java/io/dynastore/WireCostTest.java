/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.FieldFilter;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.TableSchema;
import io.dynastore.store.Write;
import io.dynastore.store.WriteCall;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.RecordingHttpClient;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The requests, bytes and capacity units of each operation on an item with a payload of 4 KB, to the byte, beside
 * those of dynastorev2, whose requests are those of the recording in {@code interop}.
 */
class WireCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String PAYLOAD = "x".repeat(4096);
    private static final String FLAT = "update, all attributes of a flat item";
    private static final Path DOCUMENT = Path.of("../docs/speed.md");

    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    // A name of one length, so that the bytes are the same whatever else runs.
    private final String table = dynamo.table("wire");
    private final DynaStore store =
            DynaStore.builder(client, TableSchema.named(table)).build();
    private final Map<String, WireCost> ours = new LinkedHashMap<>();
    private final Map<String, WireCost> theirs = new LinkedHashMap<>();

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    @NeedsEngine({EngineAbility.TRANSACT_WRITE_ITEMS, EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION})
    void operationsCostWhatTheDocumentationSays() throws Exception {
        dynastorev2();
        component();

        assertThat(ours).allSatisfy((step, cost) -> assertThat(cost.requests()).isEqualTo(step.equals(FLAT) ? 2 : 1));
        assertThat(cost(ours, "update").received())
                .isLessThanOrEqualTo(cost(theirs, "update").received() / 10);
        new GeneratedSection(DOCUMENT, "<!-- wire costs -->\n", "<!-- end of wire costs -->").is(rendered());
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void bulkWritesCostWhatTheDocumentationSays() throws Exception {
        step(ours, "createAll", Call.createAll(entries(key -> Write.create(key, PAYLOAD))));
        step(ours, "putAll of items that exist", Call.putAll(entries(key -> Write.put(key, PAYLOAD))));
        step(ours, "deleteAll", Call.deleteAll(entries(key -> Write.delete(key))));
        batch("BatchWriteItem, puts", key -> WriteRequest.builder()
                .putRequest(put -> put.item(whole(key)))
                .build());
        batch("BatchWriteItem, deletes", key -> WriteRequest.builder()
                .deleteRequest(delete -> delete.key(keyOf(key)))
                .build());

        StringBuilder text = new StringBuilder("| 25 items | requests | bytes sent | received | units |\n")
                .append("| --- | --- | --- | --- | --- |\n");
        ours.forEach((step, cost) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.1f |%n",
                step,
                cost.requests(),
                cost.sent(),
                cost.received(),
                cost.capacity())));
        assertThat(cost(ours, "createAll").capacity())
                .isEqualTo(cost(ours, "BatchWriteItem, puts").capacity());
        new GeneratedSection(DOCUMENT, "<!-- bulk costs -->\n", "<!-- end of bulk costs -->").is(text.toString());
    }

    private static Iterator<Write> entries(Function<Key, Write> write) {
        return keys().map(write).iterator();
    }

    private static Stream<Key> keys() {
        return IntStream.range(0, 25).mapToObj(number -> Key.of("customer-1", "bulk-%04d".formatted(number)));
    }

    private void batch(String step, Function<Key, WriteRequest> write) {
        recorded(ours, step, () -> client.batchWriteItem(request -> request.requestItems(
                                Map.of(table, keys().map(write).toList()))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join());
    }

    private static Map<String, AttributeValue> keyOf(Key key) {
        return Map.of(
                "id", AttributeValue.fromS(String.valueOf(key.partitionKey())),
                "name", AttributeValue.fromS(String.valueOf(key.sortKey())));
    }

    private static Map<String, AttributeValue> whole(Key key) {
        Map<String, AttributeValue> item = new LinkedHashMap<>(keyOf(key));
        item.put("version", AttributeValue.fromN("1"));
        item.put("payload", AttributeValue.fromS(PAYLOAD));
        return item;
    }

    private static WireCost cost(Map<String, WireCost> costs, String step) {
        return Objects.requireNonNull(costs.get(step));
    }

    private void component() {
        Key key = Key.of("customer-1", "ticket-0001");
        step(ours, "create", Call.create(key, PAYLOAD));
        step(ours, "get", Call.get(key));
        step(ours, "get, without fields", Call.get(key).fields(FieldSelection.NONE));
        step(ours, "exists", Call.exists(key));
        step(ours, "update", Call.update(key, PAYLOAD).expectedVersion(1L));
        step(ours, "update without expected version", Call.update(key, PAYLOAD));
        step(ours, "list, one item", Call.list("customer-1"));
        step(ours, "list, one item, without fields", Call.list("customer-1").fields(FieldSelection.NONE));
        step(ours, "list, filtered", Call.list("customer-1").filter(FieldFilter.parse("status=open")));
        step(ours, "delete", Call.delete(key).expectedVersion(3L));
        Key counter = Key.of("customer-1", "counter-001");
        store.execute(Call.create(counter, PAYLOAD).build()).join();
        step(ours, "update, increment of a field", keep(counter).increments(Map.of("views", 1)));
        step(
                ours,
                "the same, its value returned",
                keep(counter)
                        .increments(Map.of("views", 1))
                        .returnIncrements(true)
                        .returnVersion(false));
        step(ours, "update, a field, payload kept", keep(counter).fields(Map.of("state", "open")));
        Key document = Key.of("customer-1", "document-01");
        store.execute(Call.create(document, Map.of("text", PAYLOAD)).build()).join();
        step(
                ours,
                "update, a member merged",
                Call.update(document, Map.of("status", "open"))
                        .payloadMode(PayloadMode.MERGE)
                        .expectedVersion(1L));
        Key flat = Key.of("customer-1", "flat-item-1");
        DynaStore flatItems = DynaStore.builder(client, TableSchema.named(table).withFlatItems(true))
                .build();
        flatItems.execute(Call.create(flat, Map.of("text", PAYLOAD)).build()).join();
        http.clear();
        flatItems.execute(Call.update(flat, Map.of("text", PAYLOAD)).build()).join();
        ours.put(FLAT, WireCost.of(http.requests(), table));
    }

    private static WriteCall.Builder keep(Key key) {
        return Call.update(key, null).payloadMode(PayloadMode.KEEP);
    }

    private void step(Map<String, WireCost> into, String name, Call.Builder<?> call) {
        http.clear();
        store.execute(call.build()).join();
        into.put(name, WireCost.of(http.requests(), table));
    }

    /** As it is recorded: adds to the version, and has every write send the whole item back. */
    private void dynastorev2() {
        write("create", "(attribute_not_exists (#0)) AND (attribute_not_exists (#1))", null);
        recorded(theirs, "get", () -> client.getItem(request -> request.tableName(table)
                        .key(key())
                        .consistentRead(false)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join());
        write("update", "((attribute_exists (#0)) AND (attribute_exists (#1))) AND (#2 = :2)", "1");
        write("update without expected version", "(attribute_exists (#0)) AND (attribute_exists (#1))", null);
        recorded(theirs, "list, one item", () -> client.query(QueryRequest.builder()
                        .tableName(table)
                        .keyConditionExpression("#0 = :0")
                        .expressionAttributeNames(Map.of("#0", "id"))
                        .expressionAttributeValues(Map.of(":0", AttributeValue.fromS("customer-1")))
                        .scanIndexForward(true)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build())
                .join());
        recorded(theirs, "delete", () -> client.deleteItem(request -> request.tableName(table)
                        .key(key())
                        .conditionExpression("(attribute_exists (#0)) AND (attribute_exists (#1))")
                        .expressionAttributeNames(Map.of("#0", "id", "#1", "name"))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join());
    }

    private void write(String step, String condition, @Nullable String expected) {
        Map<String, AttributeValue> values = new LinkedHashMap<>();
        values.put(":0", AttributeValue.fromN("1"));
        values.put(":1", AttributeValue.fromS(PAYLOAD));
        if (expected != null) {
            values.put(":2", AttributeValue.fromN(expected));
        }
        recorded(theirs, step, () -> client.updateItem(UpdateItemRequest.builder()
                        .tableName(table)
                        .key(key())
                        .updateExpression("ADD #2 :0\nSET #3 = :1\n")
                        .conditionExpression(condition)
                        .expressionAttributeNames(Map.of("#0", "id", "#1", "name", "#2", "version", "#3", "payload"))
                        .expressionAttributeValues(values)
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build())
                .join());
    }

    private void recorded(Map<String, WireCost> into, String step, Runnable request) {
        http.clear();
        request.run();
        into.put(step, WireCost.of(http.requests(), table));
    }

    private static Map<String, AttributeValue> key() {
        return Map.of("id", AttributeValue.fromS("customer-1"), "name", AttributeValue.fromS("ticket-0001"));
    }

    private String rendered() {
        StringBuilder text = new StringBuilder(
                        "| | requests | bytes sent | received | units | dynastorev2: sent | received | units |\n")
                .append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        ours.forEach((step, cost) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.1f | %s |%n",
                step,
                cost.requests(),
                cost.sent(),
                cost.received(),
                cost.capacity(),
                theirs.containsKey(step) ? peer(cost(theirs, step)) : " | | ")));
        return text.toString();
    }

    private static String peer(WireCost cost) {
        return String.format(Locale.ROOT, "%d | %d | %.1f", cost.sent(), cost.received(), cost.capacity());
    }
}
