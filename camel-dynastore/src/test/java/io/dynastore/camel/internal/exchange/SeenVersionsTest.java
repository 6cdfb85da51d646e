/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** What is kept of the items that were seen, and for how long. */
class SeenVersionsTest {

    private static final TableLocation NAME = table("tickets");
    private static final TableLocation ARN = table("arn:aws:dynamodb:eu-west-1:111111111111:table/tickets");
    private static final TableLocation OTHER_ARN = table("arn:aws:dynamodb:eu-west-1:222222222222:table/tickets");
    private static final Key KEY = Key.of("customer", "1");

    private static TableLocation table(String name) {
        return new TableLocation(name, "eu-west-1", "");
    }

    private static SeenVersions seen(TableLocation table, long version) {
        return SeenVersions.NONE.with(table, KEY, version, null);
    }

    private static Item item(Key key, long version) {
        return new Item(key, "payload", version, null, Map.of());
    }

    private static long version(SeenVersions seen, TableLocation table, Key key) {
        return Objects.requireNonNull(seen.item(table, key)).version();
    }

    @Test
    void theLastThousandItemsAreKnownAndMemoryIsBounded() {
        RecentMap<Integer, Integer> map = new RecentMap<>();
        for (int i = 0; i < 40_000; i++) {
            map = map.with(i, i);
            assertThat(map.size()).isLessThanOrEqualTo(2 * RecentMap.KEPT + 100);
        }

        RecentMap<Integer, Integer> all = map;
        assertThat(IntStream.range(39_000, 40_000)).allMatch(i -> Objects.equals(all.get(i), i));
        assertThat(all.get(30_000)).isNull();
    }

    @Test
    void fortyThousandWritesOfOneExchangeLeaveOneBoundedState() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        for (int i = 0; i < 40_000; i++) {
            Key key = Key.of("customer", i);
            ExchangeState.change(exchange, state -> state.with(state.seen().written(NAME, key, 1L, null)));
        }

        assertThat(exchange.getProperties()).hasSize(1);
        SeenVersions seen = ExchangeState.of(exchange).seen();
        assertThat(version(seen, NAME, Key.of("customer", 39_999))).isEqualTo(1);
        assertThat(version(seen, NAME, Key.of("customer", 39_000))).isEqualTo(1);
        assertThat(seen.item(NAME, Key.of("customer", 30_000))).isNull();
    }

    @Test
    void theLastWriteOfAnItemIsKnownWhateverCameInBetween() {
        RecentMap<Integer, Integer> map = new RecentMap<>();
        for (int i = 0; i < 5000; i++) {
            map = map.with(i % 100, i);
        }

        assertThat(map.get(99)).isEqualTo(4999);
        assertThat(map.get(0)).isEqualTo(4900);
    }

    @Test
    void theLaterOfAListAndASingleReadCounts() {
        List<Item> list = List.of(item(KEY, 5), item(Key.of("customer", "2"), 6));

        SeenVersions listedLast = seen(NAME, 4).with(NAME, list, false);
        SeenVersions readLast = listedLast.with(NAME, KEY, 7L, null);

        assertThat(version(listedLast, NAME, KEY)).isEqualTo(5);
        assertThat(version(readLast, NAME, KEY)).isEqualTo(7);
        assertThat(version(readLast, NAME, Key.of("customer", "2"))).isEqualTo(6);
    }

    @Test
    void anItemWhoseVersionIsNotKnownAnyMoreIsForgottenAlsoInAList() {
        SeenVersions seen =
                SeenVersions.NONE.with(NAME, List.of(item(KEY, 5)), false).with(NAME, KEY, null, null);

        assertThat(seen.item(NAME, KEY)).isNull();
    }

    @Test
    void aTableByNameAndByArnIsOneTable() {
        assertThat(version(seen(NAME, 4), ARN, KEY)).isEqualTo(4);
        assertThat(version(seen(ARN, 4), NAME, KEY)).isEqualTo(4);
        SeenVersions listed = SeenVersions.NONE.with(ARN, List.of(item(KEY, 5)), false);
        assertThat(version(listed, NAME, KEY)).isEqualTo(5);
    }

    @Test
    void tablesOfTwoAccountsAreTwoTables() {
        SeenVersions seen = seen(ARN, 4).with(OTHER_ARN, KEY, 9L, null);

        assertThat(version(seen, ARN, KEY)).isEqualTo(4);
        assertThat(version(seen, OTHER_ARN, KEY)).isEqualTo(9);
        assertThat(seen(ARN, 4).item(OTHER_ARN, KEY)).isNull();
        assertThat(seen(NAME, 4).item(table("others"), KEY)).isNull();
    }

    @Test
    void whatWasSeenByTheSameNameCountsFirst() {
        SeenVersions seen = seen(ARN, 4).with(NAME, KEY, 9L, null);

        assertThat(version(seen, ARN, KEY)).isEqualTo(4);
        assertThat(version(seen, NAME, KEY)).isEqualTo(9);
    }
}
