/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Lists that filter by fields. Every tenth item is open; every third one has expired. */
abstract class FilteredListContract extends StoreContract {

    private static final int ITEMS = 60;

    FilteredListContract(Service service) {
        super(service);
    }

    private ListCall.Builder list(String filter) {
        for (int i = 0; i < ITEMS; i++) {
            Map<String, AttributeValue> item = new HashMap<>();
            item.put("version", n(1));
            item.put("payload", AttributeValue.fromM(Map.of("rank", n(i % 4))));
            item.put("status", s(i % 10 == 0 ? "open" : "closed"));
            if (i % 3 == 1) {
                item.put("expires", n(SECOND - 1));
            }
            table.rawPut(Key.of(key.partitionKey(), "%02d".formatted(i)), item);
        }
        return Call.list(key.partitionKey()).filter(FieldFilter.parse(filter));
    }

    private static List<String> expected(int... numbers) {
        return IntStream.of(numbers).mapToObj("%02d"::formatted).toList();
    }

    private List<String> walk(ListCall.Builder list) {
        List<String> names = new ArrayList<>();
        @Nullable String token = null;
        do {
            Outcome.Page page = table.page(list.copy().nextToken(token));
            page.items().forEach(item -> names.add(String.valueOf(item.key().sortKey())));
            token = page.nextToken();
        } while (token != null);
        return names;
    }

    @Test
    void filterIsCombinedWithTheExpiryAndWithPaging() {
        ListCall.Builder open = list("status=open");

        for (Integer limit : new Integer[] {null, 1, 2, 100}) {
            assertThat(walk(open.limit(limit))).isEqualTo(expected(0, 20, 30, 50));
        }
        assertThat(walk(open.includeExpired(true).limit(2))).isEqualTo(expected(0, 10, 20, 30, 40, 50));
        assertThat(walk(open.reverse(true).limit(1))).isEqualTo(expected(50, 40, 30, 20, 10, 0));
        assertThat(walk(open.reverse(false)
                        .includeExpired(false)
                        .sortKeyFrom("11")
                        .sortKeyTo("30")))
                .isEqualTo(expected(20, 30));
        assertThat(walk(open.fields(FieldSelection.NONE).limit(1))).isEqualTo(expected(20, 30));
    }

    @Test
    void pageIsToppedUpToItsLimit() {
        ListCall.Builder open = list("status=open");

        Outcome.Page page = table.page(open.limit(3));

        assertThat(page.items()).hasSize(3);
        assertThat(page.nextToken()).isNotNull();
    }

    @Test
    void streamAndPathsIntoThePayloadAreFiltered() {
        ListCall.Builder ranked = list("status=open,payload.rank>=2");

        try (ItemStream stream =
                table.run(() -> Call.stream(ranked.limit(2).build())).items()) {
            assertThat(stream)
                    .toIterable()
                    .extracting(item -> item.key().sortKey())
                    .containsExactly("30", "50");
        }
    }

    @Test
    void keysOfTheListAndInternalsAreRejected() {
        assertThatThrownBy(() -> table.run(Call.list("p").filter(FieldFilter.parse("name^=a"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), "'name'", "sortKeyPrefix");
        assertThatThrownBy(() -> table.run(Call.list("p").filter(FieldFilter.parse("_dsl"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'_dsl'");
    }

    @Test
    void wholeTableIsFilteredByKeysToo() {
        ListCall.Builder open = list("status=open");
        String partition = String.valueOf(key.partitionKey());

        Outcome.Page page = table.page(
                Call.listAll(new Segment(0, 1)).filter(FieldFilter.parse("status=open,name>'15',id=" + partition)));

        assertThat(open).isNotNull();
        assertThat(page.items()).extracting(item -> item.key().sortKey()).containsExactlyInAnyOrder("20", "30", "50");
    }

    @Test
    void nameAndValueAreDataWhateverTheyContain() {
        String odd = "a = :x OR #b, 'c'";
        table.rawPut(key, Map.of(odd, s(odd)));
        FieldFilter filter = FieldFilter.equal(Map.of(odd, odd));

        assertThat(table.page(Call.list(key.partitionKey()).filter(filter)).items())
                .hasSize(1);
        assertThat(table.page(Call.list(key.partitionKey()).filter(FieldFilter.equal(Map.of(odd, "else"))))
                        .items())
                .isEmpty();
    }
}
