/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A flat item of which an exchange has read a selection is not replaced by that selection, whatever writes it. */
class SelectionsOfFlatItemsTest extends ConsumerContract {

    private static final String FLAT = "payloadMode=flat&partitionKey=customer";
    private static final String[] REMEDIES = {"customer", "fields=all", "payloadMode=flatMerge"};

    @BeforeEach
    void givenItem() {
        Map<String, AttributeValue> item = new HashMap<>(key("customer", "1"));
        item.put("status", text("open"));
        item.put("total", number(5));
        dynamo.rawPut(table, item);
    }

    private static void ship(Exchange exchange) {
        exchange.getMessage().setBody(Map.of("status", "shipped"));
    }

    private void assertUnchanged() {
        assertThat(stored("customer", "1"))
                .containsEntry("status", text("open"))
                .containsEntry("total", number(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "claim=true&onSuccess=delete"})
    void consumedItem(String options) throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();

        consume("partitionKeys=customer&payloadMode=flat&fields=status&" + options, (builder, from) -> from.process(
                        SelectionsOfFlatItemsTest::ship)
                .doTry()
                .to(store("operation=put&payloadMode=flat"))
                .doCatch(InvalidInputException.class)
                .process(exchange -> {
                    InvalidInputException caught = Objects.requireNonNull(
                            exchange.getProperty(Exchange.EXCEPTION_CAUGHT, InvalidInputException.class));
                    refused.complete(caught);
                    throw caught;
                })
                .end());

        assertThat(refused.get(20, TimeUnit.SECONDS)).hasMessageContainingAll(REMEDIES);
        assertUnchanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "update"})
    void itemOfATransaction(String operation) throws Exception {
        Map<String, Object> write =
                Map.of("operation", operation, "sortKey", "1", "value", Map.of("status", "shipped"));
        Map<String, Object> merge = new HashMap<>(write);
        merge.put("payloadMode", "merge");
        String read = store("operation=get&sortKey=1&fields=status&" + FLAT);
        String transact = store("operation=transact&" + FLAT);

        Exchange refused = send(
                route((builder, from) ->
                        from.to(read).setBody(builder.constant(List.of(write))).to(transact)),
                null,
                Map.of());
        assertThat(failure(refused, InvalidInputException.class)).hasMessageContainingAll(REMEDIES);
        assertUnchanged();

        done(send(
                route((builder, from) ->
                        from.to(read).setBody(builder.constant(List.of(merge))).to(transact)),
                null,
                Map.of()));
        assertThat(stored("customer", "1"))
                .containsEntry("status", text("shipped"))
                .containsEntry("total", number(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void itemsOfABulkWrite(String stream) throws Exception {
        String read = store("operation=list&fields=status&stream=" + stream + "&" + FLAT);
        String endpoint = route((builder, from) -> from.to(read).to(store("operation=putAll&" + FLAT)));

        BulkOutcomes outcomes = Objects.requireNonNull(
                done(send(endpoint, null, Map.of())).getHeader(DynaStoreConstants.OUTCOMES, BulkOutcomes.class));

        assertThat(outcomes.failures()).singleElement().satisfies(failure -> assertThat(failure.error())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(REMEDIES));
        assertUnchanged();
    }

    @Test
    void itemOfASplitStream() throws Exception {
        String read = store("operation=list&stream=true&fields=status&" + FLAT);
        String endpoint = route((builder, from) -> from.to(read)
                .split(builder.body())
                .streaming()
                .stopOnException()
                .to(store("operation=put&" + FLAT)));

        Exchange exchange = send(endpoint, null, Map.of());

        assertThat(exchange.getException())
                .hasStackTraceContaining("InvalidInputException")
                .hasStackTraceContaining("payloadMode=flatMerge");
        assertUnchanged();
    }

    @Test
    void itemOfAStreamOfWholeItemsIsReplaced() throws Exception {
        String part = store("operation=list&stream=true&fields=status&" + FLAT);
        String whole = store("operation=list&stream=true&" + FLAT);
        String endpoint = route((builder, from) -> from.to(part).to(whole).to(store("operation=putAll&" + FLAT)));

        done(send(endpoint, null, Map.of()));

        assertThat(stored("customer", "1")).containsEntry("version", number(1)).containsEntry("total", number(5));
    }
}
