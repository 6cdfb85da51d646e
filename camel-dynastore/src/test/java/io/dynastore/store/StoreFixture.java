/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.SettableClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table of its own, a store on it whose clock is turned by hand, and a way to the table past the store. */
public final class StoreFixture {

    /** Between two seconds, so that rounding shows. */
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");

    /** The epoch second of {@link #NOW}. */
    static final long SECOND = NOW.getEpochSecond();

    final SettableClock clock = new SettableClock(NOW);
    final TableSchema schema;
    final DynaStore store;
    private final DynamoDbExtension dynamo;

    private StoreFixture(DynamoDbExtension dynamo, DynamoDbAsyncClient client, TableSchema schema) {
        this.dynamo = dynamo;
        this.schema = schema;
        this.store = DynaStore.builder(client, schema).clock(clock).build();
    }

    /** A table with the default names and text keys. */
    public static StoreFixture standard(DynamoDbExtension dynamo, DynamoDbAsyncClient client) {
        return of(dynamo, client, TableSchema.named("-"), spec -> spec);
    }

    /** A table with this layout, whatever table that names, and with whatever is added to its keys. */
    static StoreFixture of(
            DynamoDbExtension dynamo, DynamoDbAsyncClient client, TableSchema layout, UnaryOperator<TableSpec> more) {
        TableSpec keys = TableSpec.partitionKey(
                layout.partitionKey().name(), scalar(layout.partitionKey().type()));
        KeyAttribute sortKey = layout.sortKey();
        TableSpec spec = sortKey == null ? keys : keys.sortKey(sortKey.name(), scalar(sortKey.type()));
        String table = dynamo.table("store", more.apply(spec));
        return new StoreFixture(
                dynamo,
                client,
                new TableSchema(
                        table,
                        layout.partitionKey(),
                        sortKey,
                        layout.version(),
                        layout.expires(),
                        layout.payload(),
                        layout.flat()));
    }

    /** The outcome of a call; what it fails with is thrown as it is, out of the future's wrapper. */
    <R extends Outcome> R run(Call.Builder<R> call) {
        return run(store, call);
    }

    public static <R extends Outcome> R run(DynaStore store, Call.Builder<R> call) {
        try {
            return store.execute(call.build()).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    public Outcome.Written write(Call.Builder<Outcome.Written> call) {
        return run(call);
    }

    Outcome.Page page(Call.Builder<Outcome.Page> call) {
        return run(call);
    }

    /** The live or expired item; there must be one. */
    public Item item(Key key) {
        Item item = run(Call.get(key).includeExpired(true).consistentRead(true)).item();
        if (item == null) {
            throw new AssertionError("no item " + key);
        }
        return item;
    }

    /** The item as the table has it, but for what the component adds for itself; empty if there is none. */
    Map<String, AttributeValue> raw(Key key) {
        Map<String, AttributeValue> item = new HashMap<>(rawWhole(key));
        item.keySet().removeIf(name -> name.startsWith("_ds"));
        return item;
    }

    /** The item as the table has it, with what the component adds for itself; empty if there is none. */
    Map<String, AttributeValue> rawWhole(Key key) {
        return dynamo.rawGet(schema.table(), schema.encode(key));
    }

    /** Puts an item of these attributes and the key's past the store. */
    void rawPut(Key key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.putAll(schema.encode(key));
        dynamo.rawPut(schema.table(), item);
    }

    List<Map<String, AttributeValue>> rawScan() {
        return dynamo.rawScan(schema.table());
    }

    /** An item with version 7 and a field that expired one second ago. */
    void rawPutExpired(Key key) {
        rawPut(
                key,
                Map.of(
                        schema.version(),
                        n(7),
                        schema.expires(),
                        n(SECOND - 1),
                        schema.payload(),
                        s("old"),
                        "oldField",
                        s("old")));
    }

    static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private static ScalarAttributeType scalar(KeyType type) {
        return switch (type) {
            case STRING -> ScalarAttributeType.S;
            case NUMBER -> ScalarAttributeType.N;
            case BINARY -> ScalarAttributeType.B;
        };
    }
}
