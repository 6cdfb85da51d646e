/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.VersionConflictException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A header that an earlier step has left is not the input of a later one about another item. */
class LeftOverHeadersTest extends RouteContract {

    private static final String CUSTOMER = "partitionKey=customer&sortKey=1&operation=";
    private static final String PARKED = "partitionKey=parked&sortKey=1&operation=";

    private static Map<String, @Nullable Object> expecting(@Nullable Object version) {
        Map<String, @Nullable Object> headers = new HashMap<>();
        headers.put(DynaStoreConstants.EXPECTED_VERSION, version);
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "create", "update", "delete&mustExist=false"})
    void errorHandlerWritesAnotherItemWithoutTheVersionOfTheRefusedWrite(String write) throws Exception {
        given("customer", "1", "old");
        given("parked", write.startsWith("create") ? "2" : "1", "old");

        done(send(
                route((builder, from) -> from.onException(VersionConflictException.class)
                        .handled(true)
                        .to(store(PARKED + write))
                        .end()
                        .to(store(CUSTOMER + "update"))),
                "mine",
                expecting(4L)));

        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "old", 1));
        if (!write.startsWith("delete")) {
            assertThat(stored("parked", "1")).containsEntry("payload", text("mine"));
        }
    }

    @Test
    void refusedWriteIsRepeatedWithItsVersionAlsoAfterAWriteOfAnotherItem() throws Exception {
        given("customer", "1", "old");

        Exchange exchange = send(
                route((builder, from) -> from.doTry()
                        .to(store(CUSTOMER + "put"))
                        .doCatch(VersionConflictException.class)
                        .to(store(PARKED + "put"))
                        .end()
                        .to(store(CUSTOMER + "put"))),
                "mine",
                expecting(4));

        assertThat(failure(exchange, VersionConflictException.class).expected()).isEqualTo(4);
    }

    @Test
    void redeliveryOfARefusedWriteExpectsItsVersion() throws Exception {
        given("customer", "1", "old");

        Exchange exchange = send(
                route((builder, from) -> from.onException(VersionConflictException.class)
                        .maximumRedeliveries(2)
                        .redeliveryDelay(0)
                        .onRedelivery(at -> dynamo.rawPut(
                                table,
                                item(
                                        "customer",
                                        "1",
                                        "theirs",
                                        2L + at.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, Integer.class))))
                        .end()
                        .to(store(CUSTOMER + "put"))),
                "mine",
                expecting(4L));

        done(exchange);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 5));
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(DynaStoreConstants.EXPECTED_VERSION);
    }

    @Test
    void versionThatTheErrorHandlerSetsItselfIsHeeded() throws Exception {
        given("customer", "1", "old");
        given("parked", "1", "old");

        Exchange exchange = send(
                route((builder, from) -> from.doTry()
                        .to(store(CUSTOMER + "put"))
                        .doCatch(VersionConflictException.class)
                        .setHeader(DynaStoreConstants.EXPECTED_VERSION, builder.constant(4L))
                        .to(store(PARKED + "put"))
                        .end()),
                "mine",
                expecting(4L));

        failure(exchange, VersionConflictException.class);
        assertThat(stored("parked", "1")).isEqualTo(item("parked", "1", "old", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "put", "delete"})
    void expectedVersionThatIsThereAndNullIsRefused(String operation) throws Exception {
        Exchange exchange = through("mine", expecting(null), store(CUSTOMER + operation));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll(table, "[customer, 1]", "ExpectedVersion", "null", "remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maps", "json"})
    void expectedVersionThatIsThereAndNullInATransactionIsRefused(String form) throws Exception {
        Map<String, @Nullable Object> write = new HashMap<>(
                Map.of("operation", "update", "partitionKey", "customer", "sortKey", "1", "value", "mine"));
        write.put("expectedVersion", null);
        Object body = form.equals("maps")
                ? List.of(write)
                : "[{\"operation\": \"delete\", \"partitionKey\": \"customer\", \"sortKey\": \"1\","
                        + " \"expectedVersion\": null}]";

        Exchange exchange = through(
                body, Map.of(), store("operation=transact" + (form.equals("json") ? "&payloadFormat=json" : "")));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll(table, "[customer, 1]", "expectedVersion is null", "leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "put"})
    void timeToLiveIsThatOfOneWrite(String write) throws Exception {
        given("customer", "1", "old");

        Exchange exchange = through(
                "mine", Map.of(DynaStoreConstants.TTL, "5m"), store(PARKED + write), store(CUSTOMER + "update"));

        assertThat(done(exchange).getHeaders()).doesNotContainKey(DynaStoreConstants.TTL);
        assertThat(stored("parked", "1")).containsKey("expires");
        assertThat(stored("customer", "1")).doesNotContainKey("expires");
    }

    @Test
    void timeToLiveStaysIfTheWriteFails() throws Exception {
        Exchange exchange = through("mine", Map.of(DynaStoreConstants.TTL, "5m"), store(CUSTOMER + "update"));

        failure(exchange, KeyNotFoundException.class);
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.TTL)).isEqualTo("5m");
    }

    private void afterConsuming(RouteBody steps) throws Exception {
        given("orders", "o1", "order");
        List.of("l1", "l2", "l3").forEach(line -> given("lines", line, "line"));
        List<Exchange> ended = Collections.synchronizedList(new ArrayList<>());
        RouteBuilder.addRoutes(context, builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            ProcessorDefinition<?> from = builder.from(store("partitionKeys=orders&initialDelay=1&delay=60s"));
            from.to("direct:steps").process(ended::add);
            steps.define(builder, builder.from("direct:steps"));
        });
        Awaitility.await().until(() -> !ended.isEmpty());
    }

    @Test
    void itemOfASplitBringsItsOwnKeyAlthoughTheConsumedItemHasSetKeyHeaders() throws Exception {
        afterConsuming((builder, from) -> from.to(store("operation=list&partitionKey=lines"))
                .split(builder.body())
                .to(store("operation=put&partitionKey=lines"))
                .end());

        assertThat(stored()).hasSize(4);
        assertThat(stored("lines", "o1")).isEmpty();
        assertThat(stored("lines", "l3")).containsEntry("version", number(2));
    }

    @Test
    void keyHeaderThatTheRouteSetsItselfBeatsTheItem() throws Exception {
        afterConsuming((builder, from) -> from.to(store("operation=list&partitionKey=lines"))
                .split(builder.body())
                .setHeader(DynaStoreConstants.SORT_KEY, builder.simple("copy-${body.key.sortKey}"))
                .to(store("operation=put&partitionKey=lines"))
                .end());

        assertThat(stored("lines", "copy-l3")).containsEntry("payload", text("line"));
    }

    @Test
    void consumedItemIsWrittenByItsKeyHeadersIfTheBodyIsNoItem() throws Exception {
        afterConsuming((builder, from) -> from.setBody(builder.constant("mine")).to(store("operation=put")));

        assertThat(stored("orders", "o1")).isEqualTo(item("orders", "o1", "mine", 2));
    }
}
