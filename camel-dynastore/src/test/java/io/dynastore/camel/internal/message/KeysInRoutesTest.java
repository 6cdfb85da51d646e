/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysInRoutesTest extends RouteContract {

    /** The operations on one item, and whether the item has to be there. */
    enum OnOneItem {
        create(false),
        put(false),
        get(true),
        exists(true),
        update(true),
        delete(true);

        final boolean needsItem;

        OnOneItem(boolean needsItem) {
            this.needsItem = needsItem;
        }
    }

    private void prepare(OnOneItem operation) {
        if (operation.needsItem) {
            given("customer", "1", "old");
        }
        given("elsewhere", "2", "untouched");
    }

    private void assertItWasAboutCustomer1() {
        assertThat(HTTP.requests()).singleElement().satisfies(sent -> {
            var key = sent.request().has("Key")
                    ? sent.request().get("Key")
                    : sent.request().get("Item");
            assertThat(key.at("/id/S").asText()).isEqualTo("customer");
            assertThat(key.at("/name/S").asText()).isEqualTo("1");
        });
        assertThat(stored("elsewhere", "2")).containsEntry("payload", text("untouched"));
    }

    @ParameterizedTest
    @EnumSource
    void keysOfTheUriAreUsedAndHeadersDoNotChangeThem(OnOneItem operation) throws Exception {
        prepare(operation);

        done(through(
                "new",
                Map.of(DynaStoreConstants.PARTITION_KEY, "elsewhere", DynaStoreConstants.SORT_KEY, "2"),
                store("partitionKey=customer&sortKey=1&operation=" + operation)));

        assertItWasAboutCustomer1();
    }

    @ParameterizedTest
    @EnumSource
    void headersFillTheKeysThatTheUriLeavesOpen(OnOneItem operation) throws Exception {
        prepare(operation);

        done(through(
                "new",
                Map.of(DynaStoreConstants.PARTITION_KEY, "customer", DynaStoreConstants.SORT_KEY, "1"),
                store("operation=" + operation)));

        assertItWasAboutCustomer1();
    }

    @ParameterizedTest
    @EnumSource
    void uriAndHeaderMayGiveOneHalfEach(OnOneItem operation) throws Exception {
        prepare(operation);

        done(through(
                "new",
                Map.of(DynaStoreConstants.PARTITION_KEY, "elsewhere", DynaStoreConstants.SORT_KEY, "1"),
                store("partitionKey=customer&operation=" + operation)));

        assertItWasAboutCustomer1();
    }

    @ParameterizedTest
    @EnumSource
    void aMissingKeyIsRefusedBeforeAnythingIsSent(OnOneItem operation) throws Exception {
        Exchange withoutPartition = through("new", Map.of(), store("sortKey=1&operation=" + operation));
        assertThat(refusal(withoutPartition, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "'id'", "partitionKey", DynaStoreConstants.PARTITION_KEY);

        Exchange withoutSort = through("new", Map.of(), store("partitionKey=customer&operation=" + operation));
        assertThat(refusal(withoutSort, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "'name'", "sortKey", DynaStoreConstants.SORT_KEY);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyKeyIsRefusedBeforeAnythingIsSent(OnOneItem operation) throws Exception {
        Exchange exchange = through(
                "new",
                Map.of(DynaStoreConstants.PARTITION_KEY, "", DynaStoreConstants.SORT_KEY, "1"),
                store("operation=" + operation));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, DynaStoreConstants.PARTITION_KEY, "empty");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatCanNotBeConvertedIsRefusedAndNamed(OnOneItem operation) throws Exception {
        Exchange exchange = through(
                "new",
                Map.of(DynaStoreConstants.PARTITION_KEY, "no-number\n", DynaStoreConstants.SORT_KEY, "1"),
                store("partitionKeyType=number&operation=" + operation));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll(
                        "Table " + table, DynaStoreConstants.PARTITION_KEY, "number", "'id'", "'no-number\\u000a'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void listNeedsAPartition() throws Exception {
        assertThat(refusal(through(null, Map.of(), store("operation=list")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "'id'", DynaStoreConstants.PARTITION_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"partitionKey=x&partitionKeyType=number", "sortKey=x&sortKeyType=number"})
    void aKeyOfTheUriThatCanNotBeConvertedStopsTheStart(String options) {
        assertThatThrownBy(() -> through(null, Map.of(), store("operation=get&" + options)))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "The option ", "number");
    }

    @Test
    void aSortKeyForATableWithoutOneStopsTheStart() {
        assertThatThrownBy(() -> through(null, Map.of(), store("operation=get&sortKey=1&sortKeyName=none")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "sortKeyName=none");
    }

    static Stream<Object> fortyTwo() {
        return Stream.of("42", " 42 ", 42, 42L, new BigDecimal("42.0"), (short) 42, "4.2e1");
    }

    @ParameterizedTest
    @MethodSource("fortyTwo")
    void whateverStandsForANumberBecomesThatNumber(Object given) throws Exception {
        Exchange exchange = through(
                null,
                Map.of(DynaStoreConstants.PARTITION_KEY, given, DynaStoreConstants.SORT_KEY, "1"),
                store("operation=exists&partitionKeyType=number"));

        // The table's key is a text, so the service refuses, and the table is asked for its key.
        failure(exchange, InvalidInputException.class);
        assertThat(sentAndAsked()).containsExactly("GetItem", "DescribeTable");
        assertThat(HTTP.requests()).first().satisfies(sent -> assertThat(
                        sent.request().at("/Key/id/N").asText())
                .isEqualTo("42"));
    }

    @Test
    void textBecomesBytesForABinaryKeyAndNumbersBecomeTextForATextKey() throws Exception {
        through(
                null,
                Map.of(DynaStoreConstants.PARTITION_KEY, 7, DynaStoreConstants.SORT_KEY, "AB"),
                store("operation=exists&sortKeyType=binary"));

        assertThat(sentAndAsked()).containsExactly("GetItem", "DescribeTable");
        assertThat(HTTP.requests()).first().satisfies(sent -> {
            assertThat(sent.request().at("/Key/id/S").asText()).isEqualTo("7");
            assertThat(sent.request().at("/Key/name/B").asText()).isEqualTo("QUI=");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "delete", "put"})
    void anItemInTheBodyGivesTheKeyOfAWrite(String operation) throws Exception {
        given("customer", "1", "one");
        given("customer", "2", "two");
        String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                .split(builder.body())
                .to(store("operation=" + operation)));

        done(send(start, null, Map.of()));

        if (operation.equals("delete")) {
            assertThat(stored()).isEmpty();
        } else {
            assertThat(stored())
                    .containsExactlyInAnyOrder(item("customer", "1", "one", 2), item("customer", "2", "two", 2));
        }
    }

    @Test
    void headersAndUriHaveTheirSayBeforeTheItemInTheBody() throws Exception {
        Item body = new Item(Key.of("a", "b"), "value", 3, null, Map.of());

        done(through(body, Map.of(DynaStoreConstants.SORT_KEY, "2"), store("operation=create&partitionKey=c")));

        assertThat(stored("c", "2")).containsEntry("payload", text("value")).containsEntry("version", number(1));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void batchGetTakesKeysSortKeysAndMixturesAndConvertsThem() throws Exception {
        given("customer", "1", "one");
        given("customer", "2", "two");
        given("order", "3", "three");

        Exchange exchange = through(
                null,
                Map.of(
                        DynaStoreConstants.KEYS,
                        List.of(2, Key.of("order", 3), "1", "absent", Key.of("customer", "2")),
                        DynaStoreConstants.PARTITION_KEY,
                        "customer"),
                store("operation=batchGet"));

        assertThat(items(done(exchange))).extracting(Item::payload).containsExactly("two", "three", "one");
        assertThat(sent()).containsExactly("BatchGetItem");
    }

    @Test
    void batchGetWithoutKeysSaysWhereTheyAreTakenFrom() throws Exception {
        assertThat(refusal(through("body", Map.of(), store("operation=batchGet")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, DynaStoreConstants.KEYS);
    }
}
