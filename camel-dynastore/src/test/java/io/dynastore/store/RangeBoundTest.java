/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** Pages that end just where the range does. */
class RangeBoundTest extends StoreContract {

    private final StoreFixture indexed =
            StoreFixture.of(dynamo, dynamo.client(), TableSchema.named("-"), spec -> spec.localIndex(
                            "local", "rank", S, ProjectionType.ALL)
                    .globalIndex("global", "owner", S, ProjectionType.ALL));

    RangeBoundTest() {
        super(Service.COMPLETE);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "false, 3", "false, 4", "true, 1", "true, 2", "true, 3", "true, 4"})
    void pagesThatEndAtTheBoundOfTheTableReachEveryItemOnce(boolean reverse, int limit) {
        for (String sort : List.of("a", "b", "c", "d")) {
            table.write(Call.create(Key.of(key.partitionKey(), sort), "x"));
        }

        assertThat(walk(
                        table,
                        Call.list(key.partitionKey())
                                .sortKeyFrom("a")
                                .sortKeyTo("d")
                                .reverse(reverse),
                        limit))
                .containsExactlyElementsOf(reverse ? List.of("d", "c", "b", "a") : List.of("a", "b", "c", "d"));
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "false, 3", "true, 1", "true, 2", "true, 3"})
    void pagesThatEndAmongEqualSortKeysOfAnIndexReachEveryItemOnce(boolean reverse, int limit) {
        for (String sort : List.of("a", "b", "c", "d")) {
            indexed.write(Call.create(Key.of(key.partitionKey(), sort), "x").fields(Map.of("rank", "same")));
        }
        ListCall.Builder list = Call.list(key.partitionKey())
                .index("local")
                .indexSortKeyName("rank")
                .sortKeyFrom("same")
                .sortKeyTo("same")
                .reverse(reverse);

        assertThat(walk(indexed, list, limit)).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void rangeOfOneKeyIsOneItem() {
        table.write(Call.create(Key.of(key.partitionKey(), "b"), "x"));

        assertThat(walk(table, Call.list(key.partitionKey()).sortKeyFrom("b").sortKeyTo("b"), 1))
                .containsExactly("b");
    }

    private static List<Object> walk(StoreFixture table, ListCall.Builder list, int limit) {
        List<Object> sortKeys = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page = table.page(list.limit(limit).nextToken(token));
            page.items().forEach(item -> sortKeys.add(item.key().sortKey()));
            token = page.nextToken();
        } while (token != null);
        return sortKeys;
    }
}
