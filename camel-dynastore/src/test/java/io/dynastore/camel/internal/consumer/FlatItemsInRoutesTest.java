/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.KEYS_ONLY;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.VersionConflictException;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a route author gets of payloadMode=flat: items of a table that another program has filled. */
class FlatItemsInRoutesTest extends ConsumerContract {

    private static final String FLAT = "payloadMode=flat&partitionKey=customer";

    @Override
    public TableSpec tableSpec() {
        return WITH_SORT_KEY
                .globalIndex("by-status", new KeySpec("status", S), new KeySpec("name", S), ALL)
                .globalIndex("keys-only", new KeySpec("status", S), new KeySpec("name", S), KEYS_ONLY);
    }

    public record Ticket(String status, int total) {}

    private void foreign(String name) {
        Map<String, AttributeValue> item = new HashMap<>(key("customer", name));
        item.put("status", text("open"));
        item.put("total", number(5));
        dynamo.rawPut(table, item);
    }

    @Test
    void getChangeUpdateIsSafeFromVersionZeroOn() throws Exception {
        foreign("1");
        String endpoint = route((builder, from) -> from.to(store("operation=get&sortKey=1&" + FLAT))
                .process(exchange -> {
                    Map<?, ?> body = exchange.getMessage().getBody(Map.class);
                    assertThat(body).isEqualTo(Map.of("status", "open", "total", 5L));
                    assertThat(exchange.getMessage().getHeader(DynaStoreConstants.VERSION))
                            .isEqualTo(0L);
                    assertThat(exchange.getMessage().getHeader(DynaStoreConstants.ITEM_FIELDS))
                            .isEqualTo(Map.of());
                    if (exchange.getMessage().getHeader("interrupt") != null) {
                        done(through(Map.of("status", "theirs"), Map.of(), store("operation=put&sortKey=1&" + FLAT)));
                    }
                    exchange.getMessage().setBody(Map.of("status", "shipped"));
                })
                .to(store("operation=update&sortKey=1&" + FLAT)));

        failure(send(endpoint, null, Map.of("interrupt", true)), VersionConflictException.class);
        assertThat(stored("customer", "1"))
                .containsEntry("status", text("theirs"))
                .doesNotContainKey("total");
        foreign("1");
        Message message = done(send(endpoint, null, Map.of()));

        assertThat(message.getHeader(DynaStoreConstants.VERSION)).isEqualTo(1L);
        Map<String, AttributeValue> expected = new HashMap<>(key("customer", "1"));
        expected.put("status", text("shipped"));
        expected.put("version", number(1));
        assertThat(stored("customer", "1")).isEqualTo(expected);
    }

    @Test
    void headerMergesInATableOfFlatItems() throws Exception {
        foreign("1");

        done(through(
                Map.of("status", "shipped"),
                Map.of(DynaStoreConstants.PAYLOAD_MODE, "merge"),
                store("operation=update&sortKey=1&" + FLAT)));
        done(through(
                "{\"total\": null, \"by\": \"me\"}",
                Map.of(),
                store("operation=update&sortKey=1&payloadMode=flatMerge&payloadFormat=json&partitionKey=customer")));

        assertThat(stored("customer", "1"))
                .containsEntry("status", text("shipped"))
                .containsEntry("by", text("me"))
                .doesNotContainKey("total");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation=get&sortKey=1&fields=status&", "operation=list&fields=status&"})
    void itemThatWasReadInPartIsNotReplacedByThatPart(String read) throws Exception {
        for (String write : List.of("update", "put")) {
            foreign("1");
            String endpoint = route((builder, from) -> from.to(store(read + FLAT))
                    .process(exchange -> exchange.getMessage().setBody(Map.of("status", "shipped")))
                    .to(store("operation=" + write + "&sortKey=1&" + FLAT)));

            assertThat(failure(send(endpoint, null, Map.of()), InvalidInputException.class))
                    .hasMessageContainingAll(table, "customer", "fields=all", "payloadMode=flatMerge");
            assertThat(stored("customer", "1"))
                    .containsEntry("status", text("open"))
                    .containsEntry("total", number(5));

            done(send(endpoint, null, Map.of(DynaStoreConstants.PAYLOAD_MODE, "merge")));
            assertThat(stored("customer", "1"))
                    .containsEntry("status", text("shipped"))
                    .containsEntry("total", number(5));
        }
    }

    @Test
    void itemThatWasReadAsAWholeAfterwardsIsReplaced() throws Exception {
        foreign("1");
        String endpoint = route((builder, from) -> from.to(store("operation=get&sortKey=1&fields=status&" + FLAT))
                .to(store("operation=get&sortKey=1&" + FLAT))
                .process(exchange -> exchange.getMessage().setBody(Map.of("status", "shipped")))
                .to(store("operation=update&sortKey=1&" + FLAT)));

        done(send(endpoint, null, Map.of()));

        assertThat(stored("customer", "1"))
                .containsEntry("status", text("shipped"))
                .doesNotContainKey("total");
    }

    @Test
    void headerAloneDoesNotMakeATableFlat() throws Exception {
        assertThat(refusal(
                        through(
                                Map.of("a", 1),
                                Map.of(DynaStoreConstants.PAYLOAD_MODE, "flat"),
                                store("operation=put&sortKey=1&partitionKey=customer")),
                        InvalidInputException.class))
                .hasMessageContainingAll(table, "customer", "payloadMode=flat in the URI");
    }

    @Test
    void classesAndJsonTextAreReadAndWritten() throws Exception {
        done(through(new Ticket("open", 3), Map.of(), store("operation=create&sortKey=1&" + FLAT)));

        assertThat(stored("customer", "1"))
                .containsEntry("status", text("open"))
                .containsEntry("total", number(3));
        String get = "operation=get&sortKey=1&" + FLAT;
        assertThat(done(through(null, Map.of(), store(get + "&payloadType=" + Ticket.class.getName())))
                        .getBody())
                .isEqualTo(new Ticket("open", 3));
        assertThat(done(through(null, Map.of(), store(get + "&payloadFormat=json")))
                        .getBody(String.class))
                .contains("\"status\":\"open\"", "\"total\":3")
                .doesNotContain("version", "customer");
    }

    @Test
    void listsReadThemThroughAnIndexThatProjectsAll() throws Exception {
        foreign("1");
        foreign("2");
        String list = "operation=list&payloadMode=flat&partitionKey=open&indexPartitionKeyName=status&index=";

        assertThat(items(done(through(null, Map.of(), store(list + "by-status")))))
                .extracting(Item::payload)
                .containsOnly(Map.of("status", "open", "total", 5L))
                .hasSize(2);
        assertThat(through(null, Map.of(), store(list + "keys-only")).getException())
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table, "keys-only", "fetch=true");
        assertThat(items(done(through(null, Map.of(), store(list + "keys-only&fetch=true")))))
                .extracting(Item::payload)
                .containsOnly(Map.of("status", "open", "total", 5L))
                .hasSize(2);
    }

    @Test
    void transactionReplacesAndMerges() throws Exception {
        foreign("1");
        foreign("2");

        done(through(
                List.of(
                        Map.of("operation", "update", "sortKey", "1", "value", Map.of("status", "shipped")),
                        Map.of(
                                "operation",
                                "update",
                                "sortKey",
                                "2",
                                "payloadMode",
                                "merge",
                                "value",
                                Map.of("status", "shipped"))),
                Map.of(),
                store("operation=transact&" + FLAT)));

        assertThat(stored("customer", "1")).doesNotContainKey("total");
        assertThat(stored("customer", "2")).containsEntry("total", number(5)).containsEntry("status", text("shipped"));
    }

    @Test
    void consumerDeliversThemAndDeletesThem() throws Exception {
        foreign("1");
        foreign("2");
        Queue<Object> bodies = new ConcurrentLinkedQueue<>();

        consume(
                "partitionKeys=customer&payloadMode=flat&onSuccess=delete",
                (builder, from) -> from.process(exchange -> keep(bodies, exchange)));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(bodies).hasSize(2).containsOnly(Map.of("status", "open", "total", 5L));
    }

    @Test
    void positionOfAConsumerIsKeptBesideThem() throws Exception {
        foreign("1");

        consume("partitionKeys=customer&payloadMode=flat&resume=table&resumeId=one");

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).hasSize(2));
        assertThat(delivered).containsExactly("customer/1");
    }

    @Test
    void workQueueClaimsThemAndTheRouteMayReplaceThem() throws Exception {
        foreign("1");
        Queue<Object> bodies = new ConcurrentLinkedQueue<>();

        consume("partitionKeys=customer&payloadMode=flat&claim=true&onSuccess=delete", (builder, from) -> from.process(
                        exchange -> keep(bodies, exchange))
                .setBody(builder.constant(Map.of("status", "claimed")))
                .to(store("operation=update&payloadMode=flat")));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(bodies).containsExactly(Map.of("status", "open", "total", 5L));
    }

    private static void keep(Queue<Object> bodies, Exchange exchange) {
        bodies.add(exchange.getMessage().getBody());
    }
}
