/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StreamFixture.list;
import static io.dynastore.store.StreamFixture.names;
import static io.dynastore.store.StreamFixture.open;
import static io.dynastore.store.StreamFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.QueryGate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** What a stream brings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ItemStreamTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final StreamFixture table = new StreamFixture(dynamo);

    @BeforeAll
    void fill() {
        table.fill("ten", 10, i -> false);
        table.fill("gaps", 14, i -> i < 3 || (i >= 4 && i < 11));
        table.fill("expired", 7, i -> true);
    }

    @Test
    void streamBringsThePartitionInOrderOverAllPages() {
        QueryGate valve = table.valve();

        ItemStream items = open(table.store(valve), list("ten"));

        assertThat(items.next()).satisfies(item -> {
            assertThat(item.key()).isEqualTo(Key.of("ten", "00"));
            assertThat(item.version()).isEqualTo(4);
            assertThat(item.payload()).isEqualTo("payload of 00");
            assertThat(item.expires()).isEqualTo("2026-03-01T12:00:09Z");
            assertThat(item.fields()).containsOnlyKeys("rank");
        });
        assertThat(rest(items)).isEqualTo(names(1, 10));
        assertThat(items.hasNext()).isFalse();
        assertThatThrownBy(items::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContainingAll(table.table, "ten");
        assertThat(valve.sent()).isEqualTo(4);
    }

    @Test
    void reverseRangeAndPrefixWorkAsForPages() {
        DynaStore store = table.store(table.valve());
        List<String> turned = new ArrayList<>(names(0, 10));
        Collections.reverse(turned);

        assertThat(rest(open(store, list("ten").reverse(true)))).isEqualTo(turned);
        assertThat(rest(open(store, list("ten").sortKeyFrom("02").sortKeyTo("07"))))
                .isEqualTo(names(2, 8));
        assertThat(rest(open(store, list("ten").sortKeyPrefix("0")))).isEqualTo(names(0, 10));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,1", "4,2", "9,3", "10,4", "11,4"})
    void limitIsTheTotalAndNothingBehindItIsAskedFor(int limit, int queries) {
        QueryGate valve = table.valve();

        assertThat(rest(open(table.store(valve), list("ten").limit(limit)))).isEqualTo(names(0, Math.min(10, limit)));

        assertThat(valve.sent()).isEqualTo(queries);
        assertThat(valve.queries())
                .allSatisfy(query -> assertThat(query.limit()).isLessThanOrEqualTo(limit));
    }

    @Test
    void streamBeginsBehindAPageByItsToken() {
        DynaStore store = table.store(table.valve());
        Outcome.Page page = store.execute(list("ten").limit(4).build()).join();

        assertThat(rest(open(store, list("ten").nextToken(page.nextToken())))).isEqualTo(names(4, 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void expiredItemsAreLeftOutAndEmptyPagesSkipped(boolean limited) {
        ItemStream items = open(table.store(table.valve()), list("gaps").limit(limited ? 3 : null));

        assertThat(rest(items)).isEqualTo(limited ? List.of("03", "11", "12") : List.of("03", "11", "12", "13"));
    }

    @Test
    void expiredItemsAreBroughtIfTheCallSaysSo() {
        assertThat(rest(open(table.store(table.valve()), list("gaps").includeExpired(true))))
                .isEqualTo(names(0, 14));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "expired"})
    void aListWithoutLiveItemsIsAnEmptyStream(String partition) {
        assertThat(open(table.store(table.valve()), list(partition)).hasNext()).isFalse();
    }

    @Test
    void theOutcomeTellsTheCapacityOfTheFirstPage() {
        Outcome outcome = table.store(table.valve())
                .execute(Call.stream(list("ten").consistentRead(true).build()))
                .join();

        assertThat(outcome.consumedCapacity()).isEqualTo(1);
    }

    @Test
    @NeedsEngine(EngineAbility.FILTERS_CHECKED_BY_PROJECTION)
    void whatIsWrongWithTheRequestFailsTheOperation() {
        DynaStore store = table.store(table.valve());
        DynaStore elsewhere = DynaStore.builder(dynamo.client(), TableSchema.named("no-such-table"))
                .build();

        assertThatThrownBy(() -> open(store, list("ten").nextToken("?"))).isInstanceOf(InvalidTokenException.class);
        assertThatThrownBy(() -> open(store, list("ten").index("by-rank-keys")))
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContaining("fetch=true");
        assertThatThrownBy(() -> open(elsewhere, list("ten"))).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aStreamNamesItsListAndNoneOfItsItems() {
        assertThat(open(table.store(table.valve()), list("ten")))
                .asString()
                .contains(table.table, "ten")
                .doesNotContain("payload");
    }

    @Test
    void indexesAreStreamedInTheirOrderWithAndWithoutFetch() {
        QueryGate valve = table.valve();
        List<String> byRank = new ArrayList<>(names(0, 10));
        Collections.reverse(byRank);

        assertThat(rest(open(table.store(valve), byRank("ten", "by-rank")))).isEqualTo(byRank);
        assertThat(valve.batchGets()).isZero();
        assertThat(rest(open(table.store(valve), byRank("ten", "by-rank-keys").fetch(true))))
                .isEqualTo(byRank);
        assertThat(valve.batchGets()).isEqualTo(4);
        assertThat(open(table.store(valve), byRank("ten", "by-rank-keys").fetch(true))
                        .next()
                        .payload())
                .isEqualTo("payload of 09");
    }

    @Test
    void fetchLeavesOutExpiredItemsAndKeepsTheLimit() {
        ItemStream items = open(
                table.store(table.valve()),
                byRank("gaps", "by-rank-keys").fetch(true).limit(2));

        assertThat(rest(items)).containsExactly("13", "12");
        assertThat(rest(open(
                        table.store(table.valve()),
                        byRank("gaps", "by-rank-keys").fetch(true).reverse(true))))
                .containsExactly("03", "11", "12", "13");
    }

    private static ListCall.Builder byRank(String partition, String index) {
        return list(partition).index(index).indexSortKeyName("rank").indexSortKeyType(KeyType.NUMBER);
    }
}
