/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.KEYS_ONLY;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.DynaStore;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.SettableClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The two tables of the recording, and our stores on them.
 *
 * <p>Unlike the recorded table, {@code golden} has no time to live switched on: the engine would remove the expired
 * item by the real time while the steps about it run.
 */
final class GoldenTables {

    /** By our clock it stands still; later than any real time, since nothing here may depend on that. */
    static final Instant NOW = Instant.parse("2100-01-01T00:00:00.9Z");

    private static final PayloadCodec UNTYPED = new PayloadCodec(PayloadCodec.defaultMapper(), null);

    private final DynamoDbExtension dynamo;
    private final Map<String, String> names;

    GoldenTables(DynamoDbExtension dynamo) {
        this.dynamo = dynamo;
        this.names = Map.of(
                "golden",
                dynamo.table(
                        "golden",
                        TableSpec.partitionKey("id", S)
                                .sortKey("name", S)
                                .localIndex("idx_created", "created", S, ALL)
                                .globalIndex("idx_global_1", new KeySpec("pk1", S), new KeySpec("sk1", S), ALL)),
                "golden_int_str",
                dynamo.table(
                        "golden_int_str",
                        TableSpec.partitionKey("id", N)
                                .sortKey("name", S)
                                .globalIndex("idx_keys", new KeySpec("pk1", N), new KeySpec("sk1", S), KEYS_ONLY)));
    }

    String name(GoldenStep step) {
        return Objects.requireNonNull(names.get(step.table()));
    }

    /** Our store on the step's table, whose payloads are of this class; null: of the types that fit best. */
    DynaStore store(GoldenStep step, @Nullable Class<?> payloadType) {
        return DynaStore.builder(dynamo.client(), schema(step, name(step)))
                .codec(payloadType == null ? UNTYPED : new PayloadCodec(PayloadCodec.defaultMapper(), payloadType))
                .clock(new SettableClock(NOW))
                .build();
    }

    /** The layout of the step's table, under its recorded name. */
    static TableSchema schema(GoldenStep step) {
        return schema(step, step.table());
    }

    private static TableSchema schema(GoldenStep step, String name) {
        TableSchema plain = TableSchema.named(name);
        return new TableSchema(
                name,
                step.table().equals("golden") ? plain.partitionKey() : new KeyAttribute("id", KeyType.NUMBER),
                plain.sortKey(),
                plain.version(),
                plain.expires(),
                plain.payload());
    }

    /** The step's item as the table holds it, without attributes of our own; empty for none. */
    Map<String, AttributeValue> item(GoldenStep step) {
        Map<String, AttributeValue> item = DynamoJson.sorted(dynamo.rawGet(name(step), step.keyAttributes()));
        item.keySet().removeIf(name -> name.startsWith("_ds"));
        return item;
    }

    /**
     * Brings the step's item into the state that the recording has after it. The Go library writes by update
     * expressions, of which the engine keeps numbers as they are sent and takes index keys of a wrong type; from a
     * put it does neither.
     */
    void restore(GoldenStep step) {
        dynamo.client()
                .deleteItem(delete -> delete.tableName(name(step)).key(step.keyAttributes()))
                .join();
        Map<String, AttributeValue> item = step.itemAfter(NOW);
        if (!item.isEmpty()) {
            dynamo.client().updateItem(update(step, item)).join();
        }
    }

    private UpdateItemRequest update(GoldenStep step, Map<String, AttributeValue> item) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        StringJoiner set = new StringJoiner(", ", "SET ", "").setEmptyValue("");
        item.forEach((name, value) -> {
            if (!step.keyAttributes().containsKey(name)) {
                int n = names.size();
                names.put("#n" + n, name);
                values.put(":v" + n, value);
                set.add("#n" + n + " = :v" + n);
            }
        });
        UpdateItemRequest.Builder update =
                UpdateItemRequest.builder().tableName(name(step)).key(step.keyAttributes());
        return names.isEmpty()
                ? update.build()
                : update.updateExpression(set.toString())
                        .expressionAttributeNames(names)
                        .expressionAttributeValues(values)
                        .build();
    }

    void put(GoldenStep step, Map<String, AttributeValue> item) {
        dynamo.rawPut(name(step), item);
    }
}
