/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The options fields and filter, and their headers. */
class FieldsOfReadsInRoutesTest extends RouteContract {

    private static final String GET = "operation=get&partitionKey=customer&sortKey=1";
    private static final String LIST = "operation=list&partitionKey=customer";

    @BeforeEach
    void threeItems() {
        for (int i = 1; i <= 3; i++) {
            Map<String, AttributeValue> item = new HashMap<>(item("customer", "" + i, "payload " + i, 1));
            item.put("status", text(i == 2 ? "closed" : "open"));
            item.put("priority", number(i));
            item.put("note", text("long text"));
            dynamo.rawPut(table, item);
        }
    }

    private Map<?, ?> fieldsOf(Exchange exchange) {
        return done(exchange).getHeader(DynaStoreConstants.ITEM_FIELDS, Map.class);
    }

    private List<String> names(Exchange exchange) {
        return items(done(exchange)).stream()
                .map(item -> String.valueOf(item.key().sortKey()))
                .toList();
    }

    @Test
    void uriNamesTheFieldsAndAHeaderOverridesIt() throws Exception {
        String uri = store(GET + "&fields=status,priority");

        assertThat(fieldsOf(through(null, Map.of(), uri))).isEqualTo(Map.of("status", "open", "priority", 1L));
        for (Object header : new Object[] {"note", List.of("note")}) {
            assertThat(fieldsOf(through(null, Map.of(DynaStoreConstants.FIELDS, header), uri)))
                    .isEqualTo(Map.of("note", "long text"));
        }
        assertThat(fieldsOf(through(null, Map.of(DynaStoreConstants.FIELDS, "none"), uri)))
                .isEmpty();
        assertThat(fieldsOf(through(null, Map.of(DynaStoreConstants.FIELDS, "all"), uri)))
                .hasSize(3);
    }

    @Test
    void fieldsOfALaterWriteAreNoSelection() throws Exception {
        Exchange exchange = through(
                "new",
                Map.of(DynaStoreConstants.FIELDS, Map.of("status", "done")),
                store(GET),
                store("operation=update&partitionKey=customer&sortKey=1"));

        assertThat(done(exchange).getHeaders()).doesNotContainKey(DynaStoreConstants.FIELDS);
        assertThat(stored("customer", "1")).containsEntry("status", text("done"));
    }

    @Test
    void selectionThatIsLeftBeforeAWriteIsAnErrorThatSaysSo() throws Exception {
        Exchange exchange = through(
                "new",
                Map.of(DynaStoreConstants.FIELDS, "none"),
                store(GET),
                store("operation=update&partitionKey=customer&sortKey=1"));

        assertThat(failure(exchange, InvalidInputException.class))
                .hasMessageContainingAll(table, DynaStoreConstants.FIELDS, "removed before a write");
    }

    @Test
    void whatIsLeftOutIsNotSent() throws Exception {
        through(null, Map.of(), store(GET + "&fields=none"), store(LIST + "&fields=none"));
        through(
                null,
                Map.of(DynaStoreConstants.KEYS, List.of("1")),
                store("operation=batchGet&partitionKey=customer&fields=none"));

        assertThat(HTTP.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.response().toString()).contains("payload 1").doesNotContain("note", "_ds");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "status=open | 1 3",
                "status=open,priority>1 | 3",
                "status!=open | 2",
                "priority<=2 | 1 2",
                "note^=long%20t,!absent,status='closed' | 2",
                "payload='payload%203' | 3",
                "version=1 | 1 2 3",
                "priority='1' | ``"
            })
    void uriFilters(String filter, String expected) throws Exception {
        assertThat(names(through(null, Map.of(), store(LIST + "&filter=" + filter))))
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @Test
    void headerOverridesTheFilterOfTheUri() throws Exception {
        String uri = store(LIST + "&filter=status=open");

        assertThat(names(through(null, Map.of(DynaStoreConstants.FILTER, "priority=2"), uri)))
                .containsExactly("2");
        assertThat(names(through(
                        null, Map.of(DynaStoreConstants.FILTER, Map.of("status", "closed", "priority", 2)), uri)))
                .containsExactly("2");
        assertThat(names(through(null, Map.of(DynaStoreConstants.FILTER, Map.of("status", "x' OR 1=1")), uri)))
                .isEmpty();
        assertThat(names(through(null, Map.of(DynaStoreConstants.FILTER, ""), uri)))
                .hasSize(3);
    }

    @Test
    void tokenThatAListWithAnotherFilterHasLeftIsIgnored() throws Exception {
        Exchange exchange = through(
                null, Map.of(), store(LIST + "&limit=1&filter=priority>1"), store(LIST + "&limit=1&filter=priority<9"));

        assertThat(names(exchange)).containsExactly("1");
        exchange = through(
                null, Map.of(), store(LIST + "&limit=1&filter=priority>1"), store(LIST + "&limit=1&filter=priority>1"));
        assertThat(names(exchange)).containsExactly("3");
    }

    @Test
    void streamIsFilteredToo() throws Exception {
        List<Item> seen = new ArrayList<>();
        String start = route((builder, from) -> from.to(store(LIST + "&stream=true&fields=none&filter=status=open"))
                .split(builder.body())
                .streaming()
                .process(exchange -> seen.add(exchange.getMessage().getBody(Item.class)))
                .end());

        done(send(start, null, Map.of()));

        assertThat(seen).extracting(item -> item.key().sortKey()).containsExactly("1", "3");
        assertThat(seen).allSatisfy(item -> assertThat(item.fields()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filter=status=>open | filter",
                "filter=name=1 | sortKeyPrefix",
                "filter=_dsx=1 | component's own",
                "fields=version | fields",
                "fields=status,,note | fields",
            })
    void wrongTextInTheUriIsAnErrorAtStart(String option, String named) {
        assertThatThrownBy(() -> route((builder, from) -> from.to(store(LIST + "&" + option))))
                .hasRootCauseInstanceOf(InvalidInputException.class)
                .rootCause()
                .hasMessageContainingAll(table, named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a==secret", "a='secret"})
    void wrongTextInTheHeaderIsAnErrorThatDoesNotQuoteIt(String filter) throws Exception {
        Exchange exchange = through(null, Map.of(DynaStoreConstants.FILTER, filter), store(LIST));

        assertThat(Objects.requireNonNull(refusal(exchange, InvalidInputException.class)))
                .hasMessageContainingAll(table, "filter")
                .hasMessageNotContaining("secret");
    }
}
