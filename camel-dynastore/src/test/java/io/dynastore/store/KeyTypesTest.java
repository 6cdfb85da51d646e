/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.KeyType.BINARY;
import static io.dynastore.store.KeyType.NUMBER;
import static io.dynastore.store.KeyType.STRING;
import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation with every type of key, with and without sort key, and with every name changed. */
class KeyTypesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Map<KeyType, List<Object>> ASCENDING = Map.of(
            STRING, List.of("B", "a", "ä", "\uffee", "😀"),
            NUMBER, List.of(-20, -3L, new BigDecimal("0.50"), 3, new BigDecimal("12345678901234567890.123")),
            BINARY, List.of(bytes(0), bytes(0, 1), bytes(1), bytes(127), bytes(128)));

    static Stream<Arguments> layouts() {
        List<@Nullable KeyType> sortKeys = new ArrayList<>(List.of(KeyType.values()));
        sortKeys.add(null);
        return Stream.of(KeyType.values())
                .flatMap(partition -> sortKeys.stream().map(sort -> Arguments.of(partition, sort)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyOperationWorks(KeyType partitionType, @Nullable KeyType sortType) {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(partitionType, sortType), spec -> spec);
        List<Key> keys = keys(partitionType, sortType);
        Key first = keys.get(0);

        for (Key key : keys) {
            assertThat(table.write(Call.create(key, "p")).key()).isEqualTo(key);
        }
        assertThatThrownBy(() -> table.run(Call.create(first, "p"))).isInstanceOf(KeyExistsException.class);
        table.write(Call.update(first, "q").expectedVersion(1L).expiry(Expiry.after(Duration.ofSeconds(9))));
        table.write(Call.put(first, "r").fields(Map.of("version", "mine", "id", "mine too")));

        assertThat(table.item(first).version()).isEqualTo(3);
        assertThat(table.raw(first))
                .containsEntry("v", n(3))
                .containsEntry("e", n(SECOND + 9))
                .containsEntry("p", s("r"))
                .containsEntry("version", s("mine"))
                .containsEntry("id", s("mine too"));
        assertThat(table.run(Call.exists(first)).version()).isEqualTo(3);
        assertThat(table.run(Call.batchGet(keys)).items()).extracting(Item::key).containsExactlyElementsOf(keys);
        assertThat(table.page(Call.list(first.partitionKey())).items())
                .extracting(Item::key)
                .containsExactlyElementsOf(keys);

        table.clock.advance(Duration.ofSeconds(10));
        assertThat(table.write(Call.create(first, "new")).version()).isEqualTo(4);
        assertThat(table.raw(first)).doesNotContainKeys("version", "e");
        keys.forEach(key -> table.run(Call.delete(key)));
        assertThat(table.rawScan()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void tokensLeadThroughThePartition(KeyType partitionType, @Nullable KeyType sortType) {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(partitionType, sortType), spec -> spec);
        List<Key> keys = keys(partitionType, sortType);
        keys.forEach(key -> table.write(Call.create(key, "p")));

        List<Key> seen = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page =
                    table.page(Call.list(keys.get(0).partitionKey()).limit(2).nextToken(token));
            page.items().forEach(item -> seen.add(item.key()));
            token = page.nextToken();
            assertThat(token == null || token.matches("[A-Za-z0-9_-]{1,4096}")).isTrue();
        } while (token != null);

        assertThat(seen).containsExactlyElementsOf(keys);
    }

    @Test
    void changedNamesAreReservedAndDefaultNamesAreNot() {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(STRING, STRING), spec -> spec);
        Key key = Key.of("a", "b");

        for (String name : Set.of("pk", "sk", "v", "e", "p")) {
            assertThatThrownBy(() -> table.run(Call.create(key, "x").fields(Map.of(name, "x"))))
                    .isInstanceOf(ReservedFieldException.class);
        }
        Map<String, Object> free = Map.of("id", "1", "name", "2", "version", "3", "expires", "4", "payload", "5");
        table.write(Call.create(key, "x").fields(free));
        assertThat(table.item(key).fields()).isEqualTo(free);
    }

    @Test
    void numbersThatDynamoDbTakesForTheSameAreTheSameKey() {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(NUMBER, NUMBER), spec -> spec);
        table.write(Call.create(Key.of(1, new BigDecimal("2.50")), "p"));

        Key same = Key.of(new BigDecimal("1.0"), 2.5);
        assertThatThrownBy(() -> table.run(Call.create(same, "p"))).isInstanceOf(KeyExistsException.class);
        assertThat(table.run(Call.batchGet(List.of(same, Key.of(1L, 2.5f)))).items())
                .hasSize(1);
    }

    @Test
    void sortKeyOfTableWithoutOneIsRefused() {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(STRING, null), spec -> spec);

        assertThatThrownBy(() -> table.run(Call.create(Key.of("a", "b"), "p")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), "[a, b]", "no sort key");
        assertThatThrownBy(() -> table.run(Call.list("a").sortKeyPrefix("b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no sort key");
        assertThat(table.rawScan()).isEmpty();
    }

    @Test
    void itemWhoseKeyIsNotOfTheDeclaredTypeIsAnErrorThatSaysWhatToCorrect() {
        StoreFixture table = StoreFixture.of(dynamo, dynamo.client(), renamed(STRING, STRING), spec -> spec);
        table.write(Call.create(Key.of("a", "b"), "p"));
        TableSchema wrong = new TableSchema(
                table.schema.table(), table.schema.partitionKey(), new KeyAttribute("sk", NUMBER), "v", "e", "p");

        assertThatThrownBy(() -> StoreFixture.run(
                        DynaStore.builder(dynamo.client(), wrong).build(), Call.list("a")))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(wrong.table(), "sortKeyType");
    }

    private static TableSchema renamed(KeyType partition, @Nullable KeyType sort) {
        KeyAttribute sortKey = sort == null ? null : new KeyAttribute("sk", sort);
        return new TableSchema("-", new KeyAttribute("pk", partition), sortKey, "v", "e", "p");
    }

    /** Keys of one partition in their order; one key for a table without sort key. */
    private static List<Key> keys(KeyType partitionType, @Nullable KeyType sortType) {
        Object partition = Objects.requireNonNull(ASCENDING.get(partitionType)).get(2);
        return sortType == null
                ? List.of(Key.of(partition))
                : Objects.requireNonNull(ASCENDING.get(sortType)).stream()
                        .map(sort -> Key.of(partition, sort))
                        .toList();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
