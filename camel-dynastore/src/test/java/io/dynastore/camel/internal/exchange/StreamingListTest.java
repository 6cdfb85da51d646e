/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items, headers and errors of a streamed list in a route. */
class StreamingListTest extends StreamingListContract {

    @Test
    void splitWithStreamingGetsEveryItemInOrder() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(list)
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getException()).isNull();
        assertThat(seen).containsExactlyElementsOf(names(0, ITEMS));
        assertThat(gate.sent()).isEqualTo(PAGES);
    }

    @Test
    void parallelSplitGetsEveryItemOnce() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(list)
                .split(routes.body())
                .streaming()
                .parallelProcessing()
                .process(this::note));

        assertThat(exchange.getException()).isNull();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(names(0, ITEMS));
    }

    @Test
    void sequentialSplitReadsAtMostOnePageAhead() throws Exception {
        run(routes -> routes.from("direct:in")
                .to(list)
                .split(routes.body())
                .streaming()
                .process(this::note)
                .process(exchange -> {
                    int page = (seen.size() - 1) / 3 + 1;
                    assertThat(gate.sent()).isLessThanOrEqualTo(page + 2);
                }));

        assertThat(seen).hasSize(ITEMS);
    }

    @Test
    void bodyIsAnItemStreamThatALogDoesNotConsume() throws Exception {
        run(routes -> routes.from("direct:in")
                .to(list)
                .log(LoggingLevel.WARN, "${body}")
                .to("log:streamed?showAll=true&level=WARN")
                .process(exchange -> {
                    ItemStream items = exchange.getMessage().getBody(ItemStream.class);
                    assertThat(gate.sent()).isEqualTo(1);
                    items.forEachRemaining(
                            item -> seen.add(String.valueOf(item.key().sortKey())));
                }));

        assertThat(seen).containsExactlyElementsOf(names(0, ITEMS));
    }

    @Test
    void headerOverridesTheUriBothWays() throws Exception {
        Map<String, Object> page = Map.of(DynaStoreConstants.STREAM, "false");

        Exchange paged = run(null, page, routes -> {
            routes.from("direct:in").to(list);
            routes.from("direct:stream")
                    .setHeader(DynaStoreConstants.STREAM, routes.constant(true))
                    .to(store("operation=list&partitionKey=p"));
        });
        Exchange streamed = context.createProducerTemplate().send("direct:stream", exchange -> {});

        assertThat(paged.getMessage().getBody()).isInstanceOf(java.util.List.class);
        assertThat(streamed.getMessage().getBody()).isInstanceOf(ItemStream.class);
    }

    @Test
    void countAndTokenAreAbsentAndCapacityIsThatOfTheFirstPage() throws Exception {
        Map<String, Object> headers = new HashMap<>();
        Exchange exchange = run(null, headers, routes -> routes.from("direct:in")
                .to(store("operation=list&partitionKey=p&limit=4"))
                .to(list)
                .process(done -> headers.putAll(done.getMessage().getHeaders()))
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getException()).isNull();
        assertThat(headers)
                .doesNotContainKeys(DynaStoreConstants.COUNT, DynaStoreConstants.NEXT_TOKEN)
                .containsEntry(DynaStoreConstants.CONSUMED_CAPACITY, 0.5);
        assertThat(seen).as("begins after the page").containsExactlyElementsOf(names(4, ITEMS));
    }

    @Test
    void invalidRequestFailsTheListRatherThanTheSplit() throws Exception {
        Map<String, Object> token = Map.of(DynaStoreConstants.NEXT_TOKEN, "?");

        Exchange exchange = run(null, token, routes -> routes.from("direct:in")
                .to(list)
                .process(never -> seen.add("went on"))
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getException()).isInstanceOf(InvalidTokenException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void streamedItemAsTheBodyOfAWriteBringsItsKeyAndVersion() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(store("operation=list&partitionKey=p&stream=true&limit=7"))
                .split(routes.body())
                .streaming()
                .filter(one ->
                        "05".equals(one.getMessage().getBody(Item.class).key().sortKey()))
                .to(store("operation=update")));

        assertThat(exchange.getException()).isNull();
        assertThat(stored(5)).containsEntry("version", AttributeValue.fromN("5"));
    }

    @Test
    void versionsOfStreamedItemsAreNotKept() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(list)
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getProperties().values()).noneMatch(ExchangeState.class::isInstance);
    }
}
