/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** Twelve items, every third of them expired, listed through a local and through global indexes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListThroughIndexTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final KeySpec STATE = new KeySpec("state", S);
    private static final KeySpec RANK = new KeySpec("rank", N);

    private final StoreFixture table =
            StoreFixture.of(dynamo, dynamo.client(), TableSchema.named("-"), ListThroughIndexTest::indexed);

    /** An index and how to name it in a call. */
    enum Index {
        LOCAL {
            @Override
            ListCall.Builder in(ListCall.Builder list) {
                return list.partitionKey("p")
                        .index("local")
                        .indexSortKeyName("rank")
                        .indexSortKeyType(KeyType.NUMBER);
            }
        },
        GLOBAL {
            @Override
            ListCall.Builder in(ListCall.Builder list) {
                return list.partitionKey("open")
                        .index("global")
                        .indexPartitionKeyName("state")
                        .indexSortKeyName("rank")
                        .indexSortKeyType(KeyType.NUMBER);
            }
        };

        abstract ListCall.Builder in(ListCall.Builder list);

        ListCall.Builder list() {
            return in(ListCall.builder());
        }
    }

    @BeforeAll
    void fill() {
        for (int i = 0; i < 12; i++) {
            // The order of ranks is not that of the sort keys.
            table.rawPut(
                    Key.of("p", "%02d".formatted(i)),
                    Map.of(
                            "version", n(1),
                            "payload", s("x"),
                            "expires", n(i % 3 == 0 ? SECOND - 1 : SECOND + 100),
                            "state", s("open"),
                            "rank", n(100 - i)));
        }
    }

    private static TableSpec indexed(TableSpec spec) {
        return spec.localIndex("local", "rank", N, ProjectionType.ALL)
                .localIndex("local-keys", "rank", N, ProjectionType.KEYS_ONLY)
                .globalIndex("global", STATE, RANK, ProjectionType.ALL)
                .globalIndex("global-keys", STATE, RANK, ProjectionType.KEYS_ONLY)
                .globalIndex("by-state", "state", S, ProjectionType.ALL);
    }

    @ParameterizedTest
    @EnumSource
    void itemsComeInTheOrderOfTheIndexWithTheirKeysInTheTable(Index index) {
        List<Item> items = table.page(index.list()).items();

        assertThat(items).extracting(Item::key).containsExactly(keys("11", "10", "08", "07", "05", "04", "02", "01"));
        assertThat(items.get(0).fields()).isEqualTo(Map.of("state", "open", "rank", 89L));
        assertThat(items.get(0).payload()).isEqualTo("x");
        assertThat(table.page(index.list().reverse(true)).items())
                .extracting(Item::key)
                .startsWith(keys("01", "02"));
    }

    @ParameterizedTest
    @EnumSource
    void rangeIsThatOfTheIndex(Index index) {
        assertThat(table.page(index.list().sortKeyFrom(95).sortKeyTo(98)).items())
                .extracting(Item::key)
                .containsExactly(keys("05", "04", "02"));
        assertThatThrownBy(() -> table.run(index.list().sortKeyPrefix("9")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), "index ", "sortKeyFrom");
    }

    @ParameterizedTest
    @EnumSource
    void tokensLeadThroughTheIndexWhateverThePageSize(Index index) {
        for (int limit : new int[] {1, 3, 5, 9}) {
            assertThat(walk(index.list().limit(limit))).hasSize(8).doesNotHaveDuplicates();
            assertThat(walk(index.list().limit(limit).reverse(true))).hasSize(8).doesNotHaveDuplicates();
            assertThat(walk(index.list().limit(limit).sortKeyFrom(95))).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tokensLeadThroughAnIndexWhoseSortKeyIsNotNamed(Index index) {
        for (int limit : new int[] {1, 3, 5, 9}) {
            assertThat(walk(index.list().indexSortKeyName(null).limit(limit)))
                    .hasSize(8)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void indexWithoutSortKeyIsListedInPages() {
        ListCall.Builder list = Call.list("open").index("by-state").indexPartitionKeyName("state");

        for (int limit : new int[] {1, 3, 5, 9}) {
            assertThat(walk(list.limit(limit))).hasSize(8).doesNotHaveDuplicates();
        }
        assertThatThrownBy(() -> table.run(list.sortKeyFrom("a")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("by-state", "indexSortKeyName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local-keys", "global-keys"})
    @NeedsEngine(EngineAbility.FILTERS_CHECKED_BY_PROJECTION)
    void indexThatProjectsOnlyKeysIsAnErrorThatSaysHowToReadAllTheSame(String name) {
        assertThatThrownBy(() -> table.run(keysOnly(name)))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.schema.table(), name, "fetch=true", "payload");
        assertThatThrownBy(() -> table.run(keysOnly(name).includeExpired(true)))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("fetch=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local-keys", "global-keys"})
    void fetchReadsWholeItemsInTheOrderOfTheIndex(String name) {
        Outcome.Page page = table.page(keysOnly(name).fetch(true));

        assertThat(page.items())
                .extracting(Item::key)
                .containsExactly(keys("11", "10", "08", "07", "05", "04", "02", "01"));
        assertThat(page.items()).allSatisfy(item -> assertThat(item.payload()).isEqualTo("x"));
        assertThat(table.page(keysOnly(name).fetch(true).includeExpired(true)).items())
                .hasSize(12);
        assertThat(page.consumedCapacity()).isGreaterThan(2);
        for (int limit : new int[] {1, 3, 5, 9}) {
            assertThat(walk(keysOnly(name).fetch(true).limit(limit))).hasSize(8).doesNotHaveDuplicates();
        }
    }

    @Test
    void fetchFromTheTableItselfChangesNothing() {
        assertThat(table.page(Call.list("p").fetch(true)).items()).hasSize(8);
    }

    @Test
    void anIndexThatIsNotThereIsNamedWithTheErrorOfTheServiceAsTheCause() {
        assertThatThrownBy(() -> table.run(Call.list("p").index("nowhere")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("index nowhere")
                .hasCauseInstanceOf(DynamoDbException.class);
    }

    @Test
    void indexWithAKeyThatTheCallDoesNotNameIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> table.run(Call.list("open").index("by-state").indexPartitionKeyName("other")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("by-state", "state", "indexPartitionKeyName", "Name all its attributes");
    }

    private static ListCall.Builder keysOnly(String name) {
        return (name.startsWith("local") ? Index.LOCAL : Index.GLOBAL).list().index(name);
    }

    private static Key[] keys(String... sortKeys) {
        return List.of(sortKeys).stream().map(sort -> Key.of("p", sort)).toArray(Key[]::new);
    }

    private List<Key> walk(ListCall.Builder list) {
        List<Key> seen = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page = table.page(list.nextToken(token));
            page.items().forEach(item -> seen.add(item.key()));
            token = page.nextToken();
        } while (token != null);
        list.nextToken(null);
        return seen;
    }
}
