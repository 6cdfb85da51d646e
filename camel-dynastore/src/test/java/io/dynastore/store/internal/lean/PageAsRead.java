/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.FieldSelection;
import io.dynastore.store.Item;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a list makes of an item, in a table of one of several layouts. */
final class PageAsRead {

    private static final PayloadCodec CODEC = new PayloadCodec(PayloadCodec.defaultMapper(), null);
    private static final PayloadCodec TYPED = new PayloadCodec(PayloadCodec.defaultMapper(), String.class);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC);

    private static final TableSchema TEXT_KEYS = TableSchema.named("table");
    private static final TableSchema NUMBER_KEY = keyed(new KeyAttribute("version", KeyType.NUMBER), "name");
    private static final TableSchema BINARY_KEY = keyed(new KeyAttribute("_dsw0x", KeyType.BINARY), "version");

    private static final List<TableContext> TABLES = Stream.of(
                    TEXT_KEYS, TEXT_KEYS.withFlatItems(true), NUMBER_KEY, BINARY_KEY)
            .flatMap(schema -> Stream.of(CODEC, TYPED).map(codec -> table(schema, codec)))
            .toList();

    private static final List<PayloadFormat> FORMATS = List.of(PayloadFormat.values());

    private static final List<FieldSelection> SELECTIONS =
            List.of(FieldSelection.ALL, FieldSelection.NONE, FieldSelection.of(List.of("payload", "_dslock", "id")));

    private final Random random;

    /** Draws formats and selections. */
    PageAsRead(Random random) {
        this.random = random;
    }

    private static TableSchema keyed(KeyAttribute key, String version) {
        return new TableSchema("table", key, null, version, "expires", "payload");
    }

    private static TableContext table(TableSchema schema, PayloadCodec codec) {
        return new TableContext(
                new DynamoDbAsyncClient() {
                    @Override
                    public String serviceName() {
                        return "none";
                    }

                    @Override
                    public void close() {
                        // There is nothing to close.
                    }
                },
                schema,
                codec,
                CLOCK,
                new Random(0),
                duration -> CompletableFuture.completedFuture(null));
    }

    /** That an item which was read for a list is the one that the SDK has read, apart from its history. */
    void assertSame(String what, Map<String, AttributeValue> own, Map<String, AttributeValue> sdk) {
        Map<String, AttributeValue> expected = new LinkedHashMap<>(sdk);
        expected.keySet().removeIf(HistoryAttributes::contain);

        assertThat(own).as(what).isEqualTo(expected).hasToString(expected.toString());
        assertThat(own.hashCode()).as(what).isEqualTo(expected.hashCode());
        assertThat(own.keySet()).as(what).containsExactlyElementsOf(expected.keySet());
        expected.forEach((name, value) -> assertThat(own.get(name)).as(what).isEqualTo(value));
        TableContext table = TABLES.get(random.nextInt(TABLES.size()));
        PayloadFormat format = FORMATS.get(random.nextInt(FORMATS.size()));
        FieldSelection selection = SELECTIONS.get(random.nextInt(SELECTIONS.size()));
        assertThat(made(table, own, format, selection))
                .as("%s, %s, %s", what, format, selection)
                .isEqualTo(made(table, expected, format, selection));
    }

    private static String made(
            TableContext table,
            Map<String, AttributeValue> attributes,
            PayloadFormat format,
            FieldSelection selection) {
        try {
            StoredItem stored = StoredItem.of(table, attributes);
            Item item = stored.item(format, selection);
            return stored.expired() + " " + stored.lock() + " "
                    + shown(item.key().partitionKey())
                    + shown(item.key().sortKey()) + item.version() + item.expires() + shown(item.payload())
                    + shown(item.fields());
        } catch (RuntimeException e) {
            // Also of a number that is none, in a damaged response.
            return e.toString();
        }
    }

    /** With types, and with what arrays contain. */
    private static String shown(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
                    .toList()
                    .toString();
        }
        if (value instanceof Iterable<?> members) {
            StringBuilder all = new StringBuilder(value.getClass().getName());
            members.forEach(member -> all.append(shown(member)).append(','));
            return all.toString();
        }
        return value == null ? "null" : value.getClass().getName() + value;
    }
}
