/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only what is a single value becomes a key: the text of any other object would be an accident. */
@SuppressWarnings({"JavaUtilDate", "UnnecessaryStringBuilder"}) // messages may bring either
class SingleKeysInRoutesTest extends RouteContract {

    private static final UUID ID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");

    static Stream<Arguments> singleValues() {
        return Stream.of(
                Arguments.of("a", "a"),
                Arguments.of(new StringBuilder("a"), "a"),
                Arguments.of('a', "a"),
                Arguments.of("ä".toCharArray(), "ä"),
                Arguments.of(42, "42"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of("ä".getBytes(UTF_8), "ä"),
                Arguments.of(ByteBuffer.wrap("ä".getBytes(UTF_8)), "ä"),
                Arguments.of(true, "true"),
                Arguments.of(TimeUnit.DAYS, "DAYS"),
                Arguments.of(ID, ID.toString()),
                Arguments.of(LocalDate.of(2026, 2, 1), "2026-02-01"),
                Arguments.of(Instant.ofEpochMilli(1), "1970-01-01T00:00:00.001Z"),
                Arguments.of(new Date(1), "1970-01-01T00:00:00.001Z"),
                Arguments.of(TextNode.valueOf("a"), "a"),
                Arguments.of(JsonNodeFactory.instance.numberNode(7), "7"));
    }

    @ParameterizedTest
    @MethodSource("singleValues")
    void aSingleValueBecomesAKey(Object given, String key) throws Exception {
        done(through(
                "value",
                Map.of(DynaStoreConstants.PARTITION_KEY, given, DynaStoreConstants.SORT_KEY, "1"),
                store("operation=create")));

        assertThat(stored(key, "1")).containsEntry("payload", text("value"));
    }

    static Stream<Object> anythingElse() {
        return Stream.of(
                List.of(4711),
                List.of(),
                Arguments.of((Object) new String[] {"a"}),
                new int[] {1},
                Map.of("id", "a"),
                Optional.of("o"),
                new Object(),
                Key.of("a", "b"),
                new Item(Key.of("a", "b"), "payload", 1, null, Map.of()),
                JsonNodeFactory.instance.arrayNode().add("a"),
                JsonNodeFactory.instance.nullNode());
    }

    @ParameterizedTest
    @MethodSource("anythingElse")
    void anythingElseIsRefusedAsAKeyHeader(Object given) throws Exception {
        for (String header : List.of(DynaStoreConstants.PARTITION_KEY, DynaStoreConstants.SORT_KEY)) {
            Exchange exchange = through(
                    "value",
                    new TreeMap<>(Map.of(
                            DynaStoreConstants.PARTITION_KEY,
                            header.equals(DynaStoreConstants.PARTITION_KEY) ? given : "a",
                            DynaStoreConstants.SORT_KEY,
                            header.equals(DynaStoreConstants.SORT_KEY) ? given : "1")),
                    store("operation=put"));

            assertThat(refusal(exchange, InvalidInputException.class))
                    .hasMessageContainingAll(
                            "Table " + table, header, given.getClass().getName());
        }
    }

    @ParameterizedTest
    @MethodSource("anythingElse")
    void anythingElseIsRefusedAsAKeyOfATransactionAndAsABound(Object given) throws Exception {
        Exchange written = through(
                List.of(Map.of("operation", "put", "sortKey", given, "value", "x")),
                Map.of(),
                store("operation=transact&partitionKey=a"));
        assertThat(refusal(written, InvalidInputException.class)).hasMessageContainingAll("write 1 of 1", "sortKey");

        for (String header : List.of(DynaStoreConstants.SORT_KEY_FROM, DynaStoreConstants.SORT_KEY_PREFIX)) {
            Exchange listed = through(null, Map.of(header, given), store("operation=list&partitionKey=a"));
            assertThat(refusal(listed, InvalidInputException.class)).hasMessageContaining("Table " + table);
        }
    }

    @Test
    void theItemsOfAListAreTheKeysOfABatchGet() throws Exception {
        given("customer", "1", "one");
        given("customer", "2", "two");
        String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                .setHeader(DynaStoreConstants.KEYS, builder.body())
                .to(store("operation=batchGet")));

        assertThat(items(done(send(start, null, Map.of()))))
                .extracting(Item::payload)
                .containsExactly("one", "two");
    }

    @Test
    void aWrongSettingIsRefusedWithTheKeyTheHeaderAndWhatWouldBeRight() throws Exception {
        Map<String, Map<String, Object>> wrong = Map.of(
                "time to live", Map.of(DynaStoreConstants.TTL, 20),
                "true or false", Map.of(DynaStoreConstants.RETURN_VERSION, "perhaps"),
                "a whole number", Map.of(DynaStoreConstants.EXPECTED_VERSION, "1.5"),
                "one of auto, json", Map.of(DynaStoreConstants.PAYLOAD_FORMAT, List.of("json")));
        for (var each : wrong.entrySet()) {
            Exchange exchange =
                    through("x", each.getValue(), store("operation=update&partitionKey=customer&sortKey=1"));

            assertThat(refusal(exchange, InvalidInputException.class))
                    .hasMessageContainingAll(
                            "Table " + table,
                            "key [customer, 1]",
                            each.getValue().keySet().iterator().next(),
                            each.getKey());
        }
        assertThat(refusal(
                        through(
                                null,
                                Map.of(DynaStoreConstants.LOCK_TTL, "20"),
                                store("operation=lock&partitionKey=customer&sortKey=1")),
                        InvalidInputException.class))
                .hasMessageContainingAll("key [customer, 1]", DynaStoreConstants.LOCK_TTL, "20m");
    }

    @Test
    void anEmptyTokenIsNone() throws Exception {
        given("customer", "1", "one");

        Exchange listed =
                through(null, Map.of(DynaStoreConstants.NEXT_TOKEN, ""), store("operation=list&partitionKey=customer"));

        assertThat(items(done(listed))).hasSize(1);
        assertThat(items(done(through(null, Map.of(), store("operation=list&partitionKey=customer&nextToken=")))))
                .hasSize(1);
    }

    @Test
    void aDurationOfALockWithoutAUnitIsRefusedInTheUriAsInAHeader() throws Exception {
        String lock = "operation=lock&partitionKey=customer&sortKey=1";
        assertThatThrownBy(() -> through(null, Map.of(), store(lock + "&lockTtl=5")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "lockTtl", "20s")
                .hasMessageNotContaining("[");
        assertThatThrownBy(() -> through(null, Map.of(), store(lock + "&lockTtl=5ms")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "lockTtl")
                .hasMessageNotContaining("[");
        done(through(null, Map.of(DynaStoreConstants.ACQUIRE_TIMEOUT, "0"), store(lock + "&acquireTimeout=0")));
    }

    @Test
    void anItemAtTheGreatestVersionIsLeftAsItIs() throws Exception {
        dynamo.rawPut(table, item("customer", "1", "one", Long.MAX_VALUE));

        Exchange exchange = through(
                "x",
                Map.of(),
                store("operation=get&partitionKey=customer&sortKey=1"),
                store("operation=update&partitionKey=customer&sortKey=1"));

        assertThat(failure(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", "greatest version");
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "one", Long.MAX_VALUE));
    }
}
