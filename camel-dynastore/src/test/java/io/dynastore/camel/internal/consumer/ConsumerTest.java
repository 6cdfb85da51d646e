/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.VersionConflictException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a consumer delivers to its route. */
class ConsumerTest extends ConsumerContract {

    @Test
    void deliversThePartitionsOneAfterTheOtherInSortKeyOrder() throws Exception {
        givenItems("order", 3);
        givenItems("customer", 3);
        givenItems("other", 1);

        consume("partitionKeys=customer,order&resume=memory");

        awaitDelivered(6);
        assertThat(delivered)
                .startsWith("customer/01", "customer/02", "customer/03", "order/01", "order/02", "order/03");
    }

    @Test
    void deliversValueKeyVersionExpiryAndFieldsOfEachItem() throws Exception {
        Instant expires = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 600);
        Map<String, AttributeValue> item = new HashMap<>(item("customer", "01", "hello", 7));
        item.put("expires", number(expires.getEpochSecond()));
        item.put("colour", text("red"));
        dynamo.rawPut(table, item);
        CompletableFuture<Message> first = new CompletableFuture<>();

        consume(
                "partitionKeys=customer&resume=memory",
                (builder, from) -> from.process(
                        exchange -> first.complete(exchange.getMessage().copy())));

        Message message = first.get(20, TimeUnit.SECONDS);
        assertThat(message.getBody()).isEqualTo("hello");
        assertThat(message.getHeaders())
                .containsEntry(DynaStoreConstants.PARTITION_KEY, "customer")
                .containsEntry(DynaStoreConstants.SORT_KEY, "01")
                .containsEntry(DynaStoreConstants.VERSION, 7L)
                .containsEntry(DynaStoreConstants.EXPIRES, expires)
                .containsEntry(DynaStoreConstants.ITEM_FIELDS, Map.of("colour", "red"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void deliversTheWholeTableInSegmentsWithoutItemsOfTheComponent(int segments) throws Exception {
        givenItems("order", 5);
        givenItems("customer", 5);
        given("_ds/position/somebody", "customer", "token");

        consume("pageSize=2&concurrentPartitions=2&segments=" + segments);

        awaitDelivered(10);
        assertThat(delivered.subList(0, 10))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(names("order", 1, 5).stream(), names("customer", 1, 5).stream())
                                .toList());
    }

    @Test
    void asksTheBeanForThePartitionsAtEachPoll() throws Exception {
        givenItems("customer", 1);
        givenItems("order", 1);
        AtomicReference<List<String>> now = new AtomicReference<>(List.of("customer"));
        context.getRegistry().bind("partitions", (Supplier<List<String>>) now::get);

        consume("partitionKeys=#partitions&resume=memory");
        awaitDelivered(1);
        awaitPolls(2);
        now.set(List.of("order"));

        awaitDelivered(2);
        assertThat(delivered).containsExactly("customer/01", "order/01");
    }

    @Test
    void deliversAllOfAPartitionPageByPage() throws Exception {
        givenItems("customer", 25);

        consume("partitionKeys=customer&resume=memory&pageSize=4");

        awaitDelivered(25);
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 25));
    }

    @Test
    void beginsEachCycleAtTheStartWithoutResume() throws Exception {
        givenItems("customer", 2);

        consume("partitionKeys=customer");

        awaitDelivered(6);
        assertThat(delivered).startsWith("customer/01", "customer/02", "customer/01", "customer/02");
    }

    @Test
    void continuesAnInterruptedCycleAtTheNextPoll() throws Exception {
        givenItems("customer", 5);
        givenItems("order", 2);

        consume("partitionKeys=customer,order&maxMessagesPerPoll=3");

        awaitDelivered(7);
        assertThat(delivered)
                .startsWith(
                        "customer/01",
                        "customer/02",
                        "customer/03",
                        "customer/04",
                        "customer/05",
                        "order/01",
                        "order/02");
    }

    @Test
    void leavesExpiredItemsOut() throws Exception {
        givenItems("customer", 2);
        Map<String, AttributeValue> expired = new HashMap<>(item("customer", "00", "old", 1));
        expired.put("expires", number(1));
        dynamo.rawPut(table, expired);

        consume("partitionKeys=customer&resume=memory");

        awaitDelivered(2);
        assertThat(delivered).containsExactly("customer/01", "customer/02");
    }

    @Test
    void numbersTheItemsOfAPage() throws Exception {
        givenItems("customer", 3);
        List<String> batches = new CopyOnWriteArrayList<>();

        consume(
                "partitionKeys=customer&resume=memory&pageSize=2",
                (builder, from) -> from.process(exchange -> batches.add(
                        exchange.getProperty(Exchange.BATCH_INDEX) + " of " + exchange.getProperty(Exchange.BATCH_SIZE)
                                + (exchange.getProperty(Exchange.BATCH_COMPLETE, Boolean.class) ? ", last" : ""))));

        await().untilAsserted(() -> assertThat(batches).containsExactly("0 of 2", "1 of 2, last", "0 of 1, last"));
    }

    @Test
    void makesAnUpdateBehindItLockOptimistically() throws Exception {
        givenItems("customer", 1);
        List<Object> versions = new CopyOnWriteArrayList<>();

        consume("partitionKeys=customer&resume=memory", (builder, from) -> from.process(
                        exchange -> dynamo.rawPut(table, item("customer", "01", "changed meanwhile", 5)))
                .doTry()
                .to(store("operation=update"))
                .doCatch(VersionConflictException.class)
                .process(exchange ->
                        versions.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, VersionConflictException.class)
                                .expected()))
                .end());

        await().untilAsserted(() -> assertThat(versions).containsExactly(1L));
        assertThat(stored("customer", "01")).containsEntry("payload", text("changed meanwhile"));
    }

    @Test
    void deletesProcessedItems() throws Exception {
        givenItems("customer", 5);

        consume("partitionKeys=customer&onSuccess=delete&pageSize=2");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 5));
        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(5));
    }

    @Test
    void keepsAnItemThatWasChangedWhileItWasProcessed() throws Exception {
        givenItems("customer", 1);

        consume(
                "partitionKeys=customer&onSuccess=delete",
                (builder, from) -> from.process(exchange -> {
                    if (delivered.size() == 1) {
                        dynamo.rawPut(table, item("customer", "01", "changed meanwhile", 2));
                    }
                }));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactly("customer/01", "customer/01");
        assertThat(consumer().getKeptItems()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partitionKeys=a&limit=1",
                "partitionKeys=a&nextToken=x",
                "partitionKeys=a&stream=true",
                "partitionKeys=a&operation=get",
                "partitionKey=a",
                "resume=memory",
                "partitionKeys=a&segments=2",
                "segments=0",
                "partitionKeys=a&pageSize=0",
                "partitionKeys=a&concurrentPartitions=0",
                "partitionKeys=,",
                "partitionKeys=a&partitionKeyType=number",
                "partitionKeys=1&partitionKeyType=number&resume=table",
                "reverse=true"
            })
    void rejectsOptionsThatItCanNotApply(String options) {
        assertThatThrownBy(() -> consume(options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table);
    }
}
