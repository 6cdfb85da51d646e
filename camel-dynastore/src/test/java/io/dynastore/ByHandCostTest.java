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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Operations on parts of an item, on flat items and on many items, beside the shortest request that one would write on
 * the SDK for the same. That one has no versions, no conditions but those that are named, and does not recognise itself.
 */
class ByHandCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String PAYLOAD = "x".repeat(4096);
    private static final String FLAT = "put of a flat item that exists";
    private static final String PARTITION = "customer-1";
    private static final Path DOCUMENT = Path.of("../docs/speed.md");

    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final String table = dynamo.table("hand");
    private final DynaStore store = store(TableSchema.named(table));
    private final StringBuilder rows = new StringBuilder();

    private DynaStore store(TableSchema schema) {
        return DynaStore.builder(client, schema).build();
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void newOperationsCostWhatTheDocumentationSaysBesideRequestsByHand() throws Exception {
        reads();
        parts();
        flatItems();
        manyItems();

        new GeneratedSection(DOCUMENT, "<!-- costs by hand -->\n", "<!-- end of costs by hand -->")
                .is("| | requests | bytes sent | received | units | by hand: requests | sent | received | units |\n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
                        + rows);
    }

    private void reads() {
        Key key = Key.of(PARTITION, "ticket-0001");
        store.execute(Call.create(key, PAYLOAD).fields(Map.of("status", "open")).build())
                .join();
        row("get, without fields", store, Call.get(key).fields(FieldSelection.NONE), () -> client.getItem(
                        request -> request.tableName(table)
                                .key(keyOf(key))
                                .projectionExpression("payload")
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join());
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .keyConditionExpression("id = :id")
                .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(PARTITION)))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
        row("list of one item, also as JSON", store, Call.list(PARTITION), () -> client.query(query)
                .join());
        QueryRequest filtered = query.toBuilder()
                .filterExpression("#status = :status")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(
                        Map.of(":id", AttributeValue.fromS(PARTITION), ":status", AttributeValue.fromS("open")))
                .build();
        row(
                "list of one item, filtered",
                store,
                Call.list(PARTITION).filter(FieldFilter.parse("status=open")),
                () -> client.query(filtered).join());
    }

    private void parts() {
        Key key = Key.of(PARTITION, "counter-001");
        store.execute(Call.create(key, PAYLOAD).build()).join();
        UpdateItemRequest add = update(key, "SET #views = if_not_exists(#views, :zero) + :one")
                .expressionAttributeNames(Map.of("#views", "views"))
                .expressionAttributeValues(
                        Map.of(":zero", AttributeValue.fromN("0"), ":one", AttributeValue.fromN("1")))
                .build();
        WriteCall.Builder increments = keep(key).increments(Map.of("views", 1));
        row("update, increment of a field", store, increments, () -> client.updateItem(add)
                .join());
        row(
                "the same, its value returned",
                store,
                keep(key).increments(Map.of("views", 1)).returnIncrements(true).returnVersion(false),
                () -> client.updateItem(add.toBuilder()
                                .returnValues(ReturnValue.UPDATED_NEW)
                                .build())
                        .join());
        UpdateItemRequest set = update(key, "SET #state = :state")
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(Map.of(":state", AttributeValue.fromS("open")))
                .build();
        row("update, a field, payload kept", store, keep(key).fields(Map.of("state", "open")), () -> client.updateItem(
                        set)
                .join());
        Key document = Key.of(PARTITION, "document-01");
        store.execute(Call.create(document, Map.of("text", PAYLOAD)).build()).join();
        UpdateItemRequest member = update(document, "SET payload.#status = :status")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(Map.of(":status", AttributeValue.fromS("open")))
                .build();
        row(
                "update, a member merged",
                store,
                Call.update(document, Map.of("status", "open"))
                        .payloadMode(PayloadMode.MERGE)
                        .expectedVersion(1L),
                () -> client.updateItem(member).join());
    }

    private void flatItems() {
        DynaStore flat = store(TableSchema.named(table).withFlatItems(true));
        Key key = Key.of(PARTITION, "flat-item-1");
        Map<String, AttributeValue> item = new HashMap<>(keyOf(key));
        item.put("text", AttributeValue.fromS(PAYLOAD));
        flat.execute(Call.create(key, Map.of("text", PAYLOAD)).build()).join();
        row(FLAT, flat, Call.put(key, Map.of("text", PAYLOAD)), () -> client.putItem(
                        put(item).build())
                .join());
    }

    private void manyItems() {
        row(
                "createAll, 25 items",
                store,
                Call.createAll(all(key -> Write.create(key, PAYLOAD)).iterator()),
                () -> {
                    all(key -> key("hand", key)).forEach(key -> client.putItem(put(whole(key))
                                    .conditionExpression("attribute_not_exists(id)")
                                    .build())
                            .join());
                });
        row(
                "putAll, 25 items that exist",
                store,
                Call.putAll(all(key -> Write.put(key, PAYLOAD)).iterator()),
                () -> {
                    all(key -> key("hand", key))
                            .forEach(key ->
                                    client.putItem(put(whole(key)).build()).join());
                });
        row("deleteAll, 25 items", store, Call.deleteAll(all(Write::delete).iterator()), () -> {
            all(key -> key("hand", key)).forEach(key -> client.deleteItem(DeleteItemRequest.builder()
                            .tableName(table)
                            .key(keyOf(key))
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build())
                    .join());
        });
    }

    private static <T> List<T> all(Function<Key, T> each) {
        return IntStream.range(0, 25)
                .mapToObj(number -> each.apply(Key.of(PARTITION, "bulk-%04d".formatted(number))))
                .toList();
    }

    private static Key key(String prefix, Key other) {
        return Key.of(PARTITION, prefix + String.valueOf(other.sortKey()).substring(prefix.length()));
    }

    private static WriteCall.Builder keep(Key key) {
        return Call.update(key, null).payloadMode(PayloadMode.KEEP);
    }

    private UpdateItemRequest.Builder update(Key key, String expression) {
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(keyOf(key))
                .updateExpression(expression)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    private PutItemRequest.Builder put(Map<String, AttributeValue> item) {
        return PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    private static Map<String, AttributeValue> keyOf(Key key) {
        return Map.of(
                "id", AttributeValue.fromS(String.valueOf(key.partitionKey())),
                "name", AttributeValue.fromS(String.valueOf(key.sortKey())));
    }

    private static Map<String, AttributeValue> whole(Key key) {
        Map<String, AttributeValue> item = new HashMap<>(keyOf(key));
        item.put("payload", AttributeValue.fromS(PAYLOAD));
        return item;
    }

    private void row(String name, DynaStore by, Call.Builder<?> call, Runnable byHand) {
        http.clear();
        by.execute(call.build()).join();
        WireCost ours = WireCost.of(http.requests(), table);
        http.clear();
        byHand.run();
        WireCost theirs = WireCost.of(http.requests(), table);

        // A flat item is read first, to remove what the body does not name.
        assertThat(ours.requests() - theirs.requests()).as(name).isEqualTo(name.equals(FLAT) ? 1 : 0);
        assertThat(ours.capacity()).as(name).isEqualTo(theirs.capacity() + (name.equals(FLAT) ? 2 : 0));
        rows.append("| ").append(name).append(cells(ours)).append(cells(theirs)).append(" |\n");
    }

    private static String cells(WireCost cost) {
        return String.format(
                Locale.ROOT, " | %d | %d | %d | %.1f", cost.requests(), cost.sent(), cost.received(), cost.capacity());
    }
}
