/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of a table whose sort keys are text. */
class ListTest extends StoreContract {

    ListTest() {
        super(Service.COMPLETE);
    }

    @Test
    void listReturnsThePartitionInSortKeyOrder() {
        write("b", "a", "c", "ä", "B");
        table.write(Call.create(Key.of(key.partitionKey() + "0", "a"), "other partition"));

        Outcome.Page page = table.page(list());

        assertThat(page.items()).extracting(item -> item.key().sortKey()).containsExactly("B", "a", "b", "c", "ä");
        assertThat(page.items()).allSatisfy(item -> {
            assertThat(item.payload()).isEqualTo("payload of " + item.key().sortKey());
            assertThat(item.version()).isEqualTo(1);
            assertThat(item.fields()).isEqualTo(Map.of("owner", "jo"));
        });
        assertThat(page.nextToken()).isNull();
        assertThat(page.consumedCapacity()).isPositive();
    }

    @Test
    void emptyPartitionIsAnEmptyPage() {
        assertThat(table.page(list()).items()).isEmpty();
        assertThat(table.page(list().limit(5)).nextToken()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,-,'a1,a2,b1,b2,c'",
                "a,-,-,'a1,a2'",
                "a2,-,-,a2",
                "x,-,-,''",
                "-,a2,-,'a2,b1,b2,c'",
                "-,a3,-,'b1,b2,c'",
                "-,-,b1,'a1,a2,b1'",
                "-,a2,b1,'a2,b1'",
                "-,b1,b1,b1",
                "-,b3,bz,''"
            })
    void prefixOrRangeChoosesAPartAndReverseTurnsIt(
            @Nullable String prefix, @Nullable String from, @Nullable String to, String expected) {
        write("a1", "a2", "b1", "b2", "c");
        ListCall.Builder list = list().sortKeyPrefix(prefix).sortKeyFrom(from).sortKeyTo(to);
        List<String> inOrder = expected.isEmpty() ? List.of() : List.of(expected.split(","));
        List<String> turned = new ArrayList<>(inOrder);
        Collections.reverse(turned);

        assertThat(walk(list)).isEqualTo(inOrder);
        assertThat(walk(list.limit(1))).isEqualTo(inOrder);
        assertThat(walk(list.limit(2).reverse(true))).isEqualTo(turned);
        assertThat(walk(list.limit(null))).isEqualTo(turned);
    }

    @Test
    void pageThatEndsWithTheLastItemMayHaveATokenForAnEmptyOne() {
        write("a", "b");

        Outcome.Page page = table.page(list().limit(2));

        assertThat(page.items()).hasSize(2);
        assertThat(table.page(list().limit(2).nextToken(page.nextToken())))
                .satisfies(last -> assertThat(last.items()).isEmpty())
                .satisfies(last -> assertThat(last.nextToken()).isNull());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void expiredItemsAreLeftOutAndThePageIsToppedUp(boolean reverse) {
        fill(40, i -> i % 5 == 0);
        ListCall.Builder list = list().reverse(reverse);

        Outcome.Page first = table.page(list.limit(4));
        assertThat(first.items())
                .extracting(item -> item.key().sortKey())
                .isEqualTo(reverse ? List.of("035", "030", "025", "020") : List.of("000", "005", "010", "015"));

        assertThat(walk(list)).hasSize(8).doesNotHaveDuplicates();
        assertThat(walk(list.limit(1))).hasSize(8).doesNotHaveDuplicates();
        assertThat(walk(list.limit(7))).hasSize(8).doesNotHaveDuplicates();
        assertThat(walk(list.limit(8))).hasSize(8);
    }

    @Test
    void expiredItemsAreReturnedIfTheCallSaysSo() {
        fill(10, i -> i % 2 == 0);

        assertThat(walk(list().includeExpired(true))).hasSize(10);
        assertThat(table.page(list().includeExpired(true).limit(3)).items())
                .extracting(item -> item.key().sortKey())
                .containsExactly("000", "001", "002");
    }

    @Test
    void pageWithoutLimitIsOneRequestHoweverFewItemsAreLive() {
        fill(10, i -> i == 9);

        Outcome.Page page = table.page(list());

        assertThat(page.items()).hasSize(1);
        assertThat(page.nextToken()).isNull();
    }

    @Test
    void payloadsOfMoreThanOneServicePageArePaged() {
        for (int i = 0; i < 4; i++) {
            table.rawPut(Key.of(key.partitionKey(), "k" + i), Map.of("payload", s("x".repeat(380 * 1024))));
        }

        Outcome.Page first = table.page(list());

        assertThat(first.items()).hasSizeBetween(2, 3);
        assertThat(first.nextToken()).isNotNull();
        assertThat(walk(list())).containsExactly("k0", "k1", "k2", "k3");
        assertThat(table.page(list().limit(4)).items()).hasSize(4);
    }

    @Test
    void limitLargerThanThePartitionReturnsAllOfItWithoutToken() {
        write("a", "b");

        assertThat(table.page(list().limit(1_000_000)).nextToken()).isNull();
        assertThat(table.page(list().limit(Integer.MAX_VALUE)).items()).hasSize(2);
    }

    @Test
    void consistentListCostsTwiceAsMuch() {
        write("a");

        assertThat(table.page(list().consistentRead(true)).consumedCapacity())
                .isEqualTo(2 * table.page(list()).consumedCapacity());
    }

    @Test
    void badBoundsAreRefused() {
        Object partition = key.partitionKey();
        for (ListCall.Builder list : List.of(
                list().sortKeyFrom(1),
                list().sortKeyTo(new byte[] {1}),
                list().sortKeyFrom("b").sortKeyTo("a"),
                list().sortKeyPrefix(""),
                list().sortKeyFrom(""),
                list().sortKeyFrom("x".repeat(1025)),
                list().partitionKey(1))) {
            assertThatThrownBy(() -> table.run(list))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), "partition ");
        }
        assertThatThrownBy(() -> table.run(list().sortKeyFrom("b").sortKeyTo("a")))
                .hasMessageContainingAll(partition.toString(), "reverse=true");
        assertThatThrownBy(() -> table.run(ListCall.builder()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), "missing");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,-,'-5,0,2,10'", "0,-,'0,2,10'", "-,2,'-5,0,2'", "-5,2,'-5,0,2'", "3,9,''"})
    void numbersAreRangedByValue(@Nullable Integer from, @Nullable Integer to, String expected) {
        StoreFixture numbered = StoreFixture.of(
                dynamo,
                dynamo.client(),
                new TableSchema(
                        "-",
                        new KeyAttribute("id", KeyType.STRING),
                        new KeyAttribute("at", KeyType.NUMBER),
                        "version",
                        "expires",
                        "payload"),
                spec -> spec);
        for (int at : new int[] {10, 2, -5, 0}) {
            numbered.write(Call.create(Key.of("p", at), "x"));
        }

        assertThat(numbered.page(Call.list("p").sortKeyFrom(from).sortKeyTo(to)).items())
                .extracting(item -> String.valueOf(item.key().sortKey()))
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(",")));
        assertThatThrownBy(() -> numbered.run(Call.list("p").sortKeyPrefix("1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(numbered.schema.table(), "sortKeyFrom");
    }

    @Test
    void bytesArePrefixedAndRangedUnsigned() {
        StoreFixture binary = StoreFixture.of(
                dynamo,
                dynamo.client(),
                new TableSchema(
                        "-",
                        new KeyAttribute("id", KeyType.STRING),
                        new KeyAttribute("at", KeyType.BINARY),
                        "version",
                        "expires",
                        "payload"),
                spec -> spec);
        for (byte[] at : new byte[][] {{'a', 1}, {'a', (byte) 200}, {'b'}}) {
            binary.write(Call.create(Key.of("p", at), "x"));
        }

        assertThat(binary.page(Call.list("p").sortKeyPrefix("a")).items()).hasSize(2);
        assertThat(binary.page(Call.list("p").sortKeyFrom(new byte[] {'a', (byte) 200}))
                        .items())
                .hasSize(2);
        assertThat(binary.page(Call.list("p").sortKeyFrom(new byte[] {'a', 2}).sortKeyTo(new byte[] {'a', -1}))
                        .items())
                .hasSize(1);
    }

    private ListCall.Builder list() {
        return Call.list(key.partitionKey());
    }

    private void write(String... sortKeys) {
        for (String sortKey : sortKeys) {
            table.write(Call.create(Key.of(key.partitionKey(), sortKey), "payload of " + sortKey)
                    .fields(Map.of("owner", "jo")));
        }
    }

    /** Items 000, 001, …, of which the chosen ones are live. */
    private void fill(int count, IntPredicate live) {
        for (int i = 0; i < count; i++) {
            table.rawPut(
                    Key.of(key.partitionKey(), "%03d".formatted(i)),
                    Map.of("version", n(1), "expires", n(live.test(i) ? SECOND : SECOND - 1)));
        }
    }

    /** The sort keys on all pages; a page has a limit's number of items unless it is the last. */
    private List<Object> walk(ListCall.Builder list) {
        List<Object> seen = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page = table.page(list.nextToken(token));
            page.items()
                    .forEach(item -> seen.add(Objects.requireNonNull(item.key().sortKey())));
            token = page.nextToken();
            Integer limit = list.build().options().limit();
            if (token != null && limit != null) {
                assertThat(page.items()).hasSize(limit);
            }
        } while (token != null);
        list.nextToken(null);
        return seen;
    }
}
