/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.VersionConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a route author gets of CamelDynaStoreIncrements and payloadMode=keep. */
class IncrementsInRoutesTest extends RouteContract {

    private static final String KEY = "partitionKey=customer&sortKey=1";
    private static final String KEEP = "operation=update&payloadMode=keep&" + KEY;

    @Test
    void numbersAreAddedByOneRequestAndTheBodyStays() throws Exception {
        given("customer", "1", "kept");

        Message message = done(through("the body", increments("views", 2), store(KEEP)));

        assertThat(sent()).containsExactly("UpdateItem");
        assertThat(HTTP.requests().get(0).request().toString()).doesNotContain("the body");
        assertThat(message.getBody()).isEqualTo("the body");
        assertThat(message.getHeaders())
                .containsEntry(DynaStoreConstants.VERSION, 2L)
                .doesNotContainKeys(DynaStoreConstants.INCREMENTS, DynaStoreConstants.ITEM_FIELDS);
        assertThat(stored("customer", "1")).containsEntry("views", number(2)).containsEntry("payload", text("kept"));
    }

    @Test
    void newValuesAreInTheHeaderIfAskedFor() throws Exception {
        given("customer", "1", "kept");
        String uri = store(KEEP + "&returnIncrements=true");

        done(through(null, increments("views", "40"), uri));
        Message message = done(through(null, Map.of(DynaStoreConstants.INCREMENTS, Map.of("views", 2, "n.m", 1)), uri));

        assertThat(message.getHeader(DynaStoreConstants.ITEM_FIELDS)).isEqualTo(Map.of("views", 42L, "n.m", 1L));
    }

    @Test
    void twentyThreadsAddToOneItemWithoutAConflict() throws Exception {
        given("customer", "1", "kept");
        String endpoint = route((builder, from) -> from.to(store(KEEP))
                .setHeader(DynaStoreConstants.INCREMENTS, () -> Map.of("views", 1))
                .to(store(KEEP + "&returnIncrements=true")));
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<Future<Exchange>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(threads.submit(() -> template.send(endpoint, exchange -> {
                exchange.getMessage().setHeader(DynaStoreConstants.INCREMENTS, Map.of("views", 1));
            })));
        }
        for (Future<Exchange> one : all) {
            done(one.get(30, TimeUnit.SECONDS));
        }
        threads.shutdown();

        assertThat(stored("customer", "1")).containsEntry("views", number(40)).containsEntry("version", number(41));
        assertThat(sent()).hasSize(40).containsOnly("UpdateItem");
    }

    @Test
    void incrementsAloneExpectNoVersionAndHideNoChangeOfOthers() throws Exception {
        given("customer", "1", "kept");
        String endpoint = route((builder, from) -> from.to(store("operation=get&" + KEY))
                .process(exchange -> {
                    dynamo.rawPut(table, item("customer", "1", "theirs", 2));
                    exchange.getMessage().setHeader(DynaStoreConstants.INCREMENTS, Map.of("views", 1));
                })
                .to(store(KEEP))
                .setBody(builder.constant("ours"))
                .to(store("operation=update&" + KEY)));

        failure(send(endpoint, null, Map.of()), VersionConflictException.class);
        assertThat(stored("customer", "1"))
                .containsEntry("payload", text("theirs"))
                .containsEntry("views", number(1));
    }

    @Test
    void incrementsAfterAReadAreNoConflictForTheUpdateBehind() throws Exception {
        given("customer", "1", "kept");
        String endpoint = route((builder, from) -> from.to(store("operation=get&" + KEY))
                .setHeader(DynaStoreConstants.INCREMENTS, () -> Map.of("views", 1))
                .to(store(KEEP))
                .setBody(builder.constant("ours"))
                .to(store("operation=update&" + KEY)));

        done(send(endpoint, null, Map.of()));
        assertThat(stored("customer", "1")).containsEntry("payload", text("ours"));
    }

    @Test
    void fieldsThatAreSetBesideExpectTheVersionThatWasSeen() throws Exception {
        given("customer", "1", "kept");
        String endpoint = route((builder, from) -> from.to(store("operation=get&" + KEY))
                .process(exchange -> {
                    dynamo.rawPut(table, item("customer", "1", "theirs", 2));
                    exchange.getMessage().setHeader(DynaStoreConstants.FIELDS, Map.of("state", "open"));
                })
                .to(store(KEEP)));

        failure(send(endpoint, null, Map.of()), VersionConflictException.class);
    }

    @Test
    void transactionTakesThemByName() throws Exception {
        given("customer", "1", "kept");
        List<Map<String, ?>> writes = List.of(
                Map.of("operation", "update", "sortKey", "1", "payloadMode", "keep", "increments", Map.of("views", 2)),
                Map.of("operation", "put", "sortKey", "2", "value", "v", "increments", Map.of("n", "3")));

        done(through(writes, Map.of(), store("operation=transact&partitionKey=customer")));

        assertThat(stored("customer", "1")).containsEntry("views", number(2)).containsEntry("payload", text("kept"));
        assertThat(stored("customer", "2")).containsEntry("n", number(3)).containsEntry("payload", text("v"));
        HTTP.clear();
        refusal(
                through(
                        List.of(Map.of(
                                "operation", "update", "sortKey", "1", "payloadMode", "keep", "value", "SECRET")),
                        Map.of(),
                        store("operation=transact&partitionKey=customer")),
                InvalidInputException.class);
    }

    @Test
    void whatIsNoNumberIsRefusedBeforeAnythingIsSent() throws Exception {
        assertThat(refusal(through(null, increments("views", "SECRET"), store(KEEP)), InvalidInputException.class))
                .hasMessageContainingAll(table, "customer", "'views'")
                .hasMessageNotContaining("SECRET");
        refusal(through(null, Map.of(DynaStoreConstants.INCREMENTS, 5), store(KEEP)), InvalidInputException.class);
        assertThat(refusal(through(null, Map.of(), store("operation=update&" + KEY)), InvalidInputException.class))
                .hasMessageContaining("payloadMode=keep");
    }

    @Test
    void shapeThatDoesNotFitIsNamedWithItsPath() throws Exception {
        given("customer", "1", "SECRET");
        Map<String, AttributeValue> before = stored("customer", "1");

        assertThat(failure(through(null, increments("payload.views", 1), store(KEEP)), InvalidInputException.class))
                .hasMessageContainingAll(table, "customer", "'payload'")
                .hasMessageNotContaining("SECRET");
        assertThat(stored("customer", "1")).isEqualTo(before);
    }

    private static Map<String, Object> increments(String name, Object number) {
        return Map.of(DynaStoreConstants.INCREMENTS, Map.of(name, number));
    }
}
