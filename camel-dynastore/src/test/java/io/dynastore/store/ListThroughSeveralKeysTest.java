/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.B;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.EngineAbility;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** Eighteen items of one partition of an index whose partition key has two attributes and whose sort key has three. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListThroughSeveralKeysTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private @Nullable StoreFixture table;

    @BeforeAll
    void fill() {
        EngineAbility.INDEXES_WITH_SEVERAL_KEY_ATTRIBUTES.assume();
        StoreFixture made =
                StoreFixture.of(dynamo, dynamo.client(), TableSchema.named("-"), ListThroughSeveralKeysTest::indexed);
        table = made;
        for (int day = 1; day <= 3; day++) {
            for (String kind : List.of("air", "air-2", "sea")) {
                for (int part = 0; part < 2; part++) {
                    made.rawPut(Key.of("p", name(day, kind, part)), item("acme", 7, day, kind, part));
                }
            }
        }
        // Another partition of the index, and an item that lacks a key and so is not in it.
        made.rawPut(Key.of("p", "other"), item("acme", 8, 1, "air", 0));
        Map<String, AttributeValue> lacking = new HashMap<>(item("acme", 7, 1, "air", 0));
        lacking.remove("kind");
        made.rawPut(Key.of("p", "lacking"), lacking);
    }

    private static TableSpec indexed(TableSpec spec) {
        return spec.globalIndex(
                "several",
                List.of(new KeySpec("tenant", S), new KeySpec("region", N)),
                List.of(new KeySpec("day", N), new KeySpec("kind", S), new KeySpec("part", B)),
                ProjectionType.ALL);
    }

    private static String name(int day, String kind, int part) {
        return day + "/" + kind + "/" + part;
    }

    /** Of each day, the second part of air has expired. */
    private static Map<String, AttributeValue> item(String tenant, int region, int day, String kind, int part) {
        return Map.of(
                "version", n(1),
                "payload", s("x"),
                "expires", n(kind.equals("air") && part == 1 ? SECOND - 1 : SECOND + 100),
                "tenant", s(tenant),
                "region", n(region),
                "day", n(day),
                "kind", s(kind),
                "part", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {(byte) part})));
    }

    private StoreFixture table() {
        assertThat(table).isNotNull();
        return table;
    }

    private static ListCall.Builder list() {
        return ListCall.builder()
                .index("several")
                .indexPartitionKeyNames(List.of("tenant", "region"))
                .indexPartitionKeyTypes(List.of(KeyType.STRING, KeyType.NUMBER))
                .indexSortKeyNames(List.of("day", "kind", "part"))
                .indexSortKeyTypes(List.of(KeyType.NUMBER, KeyType.STRING, KeyType.BINARY))
                .partitionKey(List.of("acme", 7));
    }

    private List<String> names(ListCall.Builder list) {
        return table().page(list).items().stream()
                .map(item -> String.valueOf(item.key().sortKey()))
                .toList();
    }

    private static List<String> day(int day) {
        return List.of(
                name(day, "air", 0),
                name(day, "air-2", 0),
                name(day, "air-2", 1),
                name(day, "sea", 0),
                name(day, "sea", 1));
    }

    private static List<String> all() {
        return Stream.of(day(1), day(2), day(3)).flatMap(List::stream).toList();
    }

    @Test
    void itemsComeInTheOrderOfAllAttributesOfTheSortKey() {
        assertThat(names(list())).isEqualTo(all());
        List<String> reversed = names(list().reverse(true));
        assertThat(reversed).startsWith(name(3, "sea", 1), name(3, "sea", 0)).hasSize(15);
    }

    static Stream<Arguments> ranges() {
        return Stream.of(
                Arguments.of(
                        list().sortKeyFrom(2),
                        Stream.concat(day(2).stream(), day(3).stream()).toList()),
                Arguments.of(list().sortKeyFrom(List.of(2)).sortKeyTo(List.of(2)), day(2)),
                Arguments.of(list().sortKeyTo(List.of(1)), day(1)),
                Arguments.of(list().sortKeyPrefix(List.of(2, "air")), day(2).subList(0, 3)),
                Arguments.of(list().sortKeyPrefix(List.of(2, "air-")), day(2).subList(1, 3)),
                Arguments.of(
                        list().sortKeyFrom(List.of(3, "air-2")).sortKeyTo(List.of(3.0, "ai~")), day(3).subList(1, 3)),
                Arguments.of(list().sortKeyFrom(List.of(1, "sea", new byte[] {1})), List.of(name(1, "sea", 1))),
                Arguments.of(list().sortKeyPrefix(List.of(1, "sea", new byte[] {0})), List.of(name(1, "sea", 0))));
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void rangeIsOfTheLastAttributeThatIsNamedAndTheOnesBeforeAreEqual(ListCall.Builder list, List<String> expected) {
        assertThat(names(list.copy())).isEqualTo(expected);
        assertThat(walk(list)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 100})
    void pagesContinueBehindTheirTokens(int limit) {
        assertThat(walk(list().limit(limit))).isEqualTo(all());
    }

    @Test
    void pagesContinueIfNoSortKeyIsDeclared() {
        assertThat(walk(list().indexSortKeyTypes(List.of())
                        .indexSortKeyNames(List.of())
                        .limit(4)))
                .isEqualTo(all());
    }

    /** Else the second page would be refused, for a token that nobody has changed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void firstPageIsRefusedIfOnlyTheFirstAttributesOfTheSortKeyAreDeclared(int declared) {
        ListCall.Builder partly = list().indexSortKeyNames(
                        List.of("day", "kind").subList(0, declared))
                .indexSortKeyTypes(List.of(KeyType.NUMBER, KeyType.STRING).subList(0, declared));

        assertThatThrownBy(() -> table().page(partly.copy().limit(4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table().schema.table() + ", index several: the index has further key"
                        + " attributes: " + (declared == 1 ? "kind, part" : "part")
                        + ". Name all of them by indexSortKeyName.");
        assertThat(names(partly.copy())).as("one page").isEqualTo(all());
    }

    /** Page by page of two items at most, or of the limit of the list. */
    private List<String> walk(ListCall.Builder list) {
        ListCall.Builder pages = list.copy();
        if (pages.build().options().limit() == null) {
            pages.limit(2);
        }
        List<String> names = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page = table().page(pages.copy().nextToken(token));
            page.items().forEach(item -> names.add(String.valueOf(item.key().sortKey())));
            token = page.nextToken();
        } while (token != null);
        return names;
    }

    @Test
    void tokenIsOfItsPartitionAndItsRange() {
        ListCall.Builder second = list().sortKeyPrefix(List.of(2, "air")).limit(1);
        String token = table().page(second.copy()).nextToken();

        for (ListCall.Builder other : List.of(
                second.copy().partitionKey(List.of("acme", 8)),
                second.copy().sortKeyPrefix(List.of(1, "air")),
                second.copy().sortKeyPrefix(null).sortKeyFrom(List.of(2)),
                second.copy().indexSortKeyNames(List.of("day", "kind")).indexSortKeyTypes(List.of()))) {
            assertThatThrownBy(() -> table().run(other.nextToken(token))).isInstanceOf(DynaStoreException.class);
        }
        assertThat(names(second.copy().nextToken(token).limit(null))).isEqualTo(day(2).subList(1, 3));
    }

    @Test
    void streamAndFetchReadTheSame() {
        ItemStream stream = table().store
                .execute(Call.stream(list().limit(14).build()))
                .join()
                .items();
        List<String> names = new ArrayList<>();
        stream.forEachRemaining(item -> names.add(String.valueOf(item.key().sortKey())));

        assertThat(names).isEqualTo(all().subList(0, 14));
        assertThat(names(list().fetch(true))).isEqualTo(all());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(list().partitionKey(List.of("acme")), "consists of tenant, region: give a list of 2"),
                Arguments.of(list().partitionKey("acme"), "consists of tenant, region: give a list of 2"),
                Arguments.of(list().partitionKey(List.of("acme", 7, 8)), "give a list of 2"),
                Arguments.of(list().partitionKey(List.of("acme", "7")), "'region' is a java.lang.String"),
                Arguments.of(list().sortKeyFrom(List.of(1, "a", new byte[] {1}, 2)), "sortKeyFrom has 4 values"),
                Arguments.of(list().sortKeyFrom(List.of()), "sortKeyFrom has 0 values"),
                Arguments.of(list().sortKeyPrefix(List.of(1)), "Numbers have no prefix"),
                Arguments.of(
                        list().sortKeyFrom(List.of(1, "a")).sortKeyTo(List.of(2, "b")),
                        "different values for 'day', and a range is of the last attribute that they name, 'kind'"),
                Arguments.of(
                        list().sortKeyFrom(List.of(1, "a")).sortKeyTo(List.of(1)),
                        "sortKeyFrom has 2 values and sortKeyTo 1"),
                Arguments.of(
                        list().indexPartitionKeyTypes(List.of(KeyType.STRING)),
                        "indexPartitionKeyType names 1 types for 2 attributes (tenant, region)"),
                Arguments.of(list().indexSortKeyNames(List.of("day", "day", "kind")), "name an attribute twice"),
                Arguments.of(
                        list().indexSortKeyNames(List.of("a", "b", "c", "d", "e")), "and DynamoDB takes 4 at most"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeIsAClearError(ListCall.Builder list, String message) {
        assertThatThrownBy(() -> table().run(list))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void errorNamesTheOptionsThatWouldDescribeTheIndex() {
        assertThatThrownBy(() -> table().run(ListCall.builder()
                        .index("several")
                        .indexPartitionKeyName("tenant")
                        .partitionKey("acme")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        table().schema.table(),
                        "index several",
                        "indexPartitionKeyName=tenant,region, indexPartitionKeyType=string,number",
                        "indexSortKeyName=day,kind,part, indexSortKeyType=number,string,binary");
    }
}
