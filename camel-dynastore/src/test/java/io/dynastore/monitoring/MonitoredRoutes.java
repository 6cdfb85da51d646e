/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * An application in which each meter has something to show: calls with conflicts, a contended lock, three consumers and two
 * repositories. A part of its messages fails.
 */
final class MonitoredRoutes extends RouteBuilder {

    /** Slow enough for an engine on a busy machine. */
    private static final String OFTEN = "?delay=1&period=200";

    private static final String FAILED = "log:failed?level=DEBUG";

    private final String table;
    private final DynamoDbAsyncClient client;
    private final UnaryOperator<String> store;
    private final Random random;
    private final AtomicLong orders = new AtomicLong();

    /**
     * The routes.
     *
     * @param client the client of the repositories
     * @param store makes the URI of the table with these options
     * @param seed of what they draw at random
     */
    MonitoredRoutes(String table, DynamoDbAsyncClient client, UnaryOperator<String> store, long seed) {
        this.table = table;
        this.client = client;
        this.store = store;
        this.random = new Random(seed);
    }

    @Override
    public void configure() throws Exception {
        // An item of a consumer fails for good; a call of the others may.
        errorHandler(defaultErrorHandler().logExhausted(false));
        // Repositories read the table before their routes start: that comes before any load.
        repositories();
        consumers();
        calls();
    }

    private void calls() {
        every("put").process(this::ticket).to(uri("operation=put&partitionKey=customer"));
        every("get").process(this::ticket).to(uri("operation=get&partitionKey=customer&failIfMissing=false"));
        every("update")
                .process(this::ticket)
                .setHeader(DynaStoreConstants.EXPECTED_VERSION, () -> 1 + random.nextInt(3))
                .to(uri("operation=update&partitionKey=customer"));
        every("list").to(uri("operation=list&partitionKey=customer&limit=20"));
        for (String holder : new String[] {"import", "export"}) {
            every(holder)
                    .to(uri("operation=lock&partitionKey=locks&sortKey=report"))
                    .to(uri("operation=exists&partitionKey=customer&sortKey=1"));
        }
    }

    private void consumers() {
        for (String partition : new String[] {"outbox", "north", "south", "mails"}) {
            every(partition)
                    .setBody(constant("an item"))
                    .setHeader(DynaStoreConstants.SORT_KEY, () -> String.valueOf(orders.incrementAndGet()))
                    .to(uri("operation=create&partitionKey=" + partition));
        }
        from(uri("partitionKeys=outbox&onSuccess=delete&delay=200"))
                .routeId("ship")
                .process(this::failSometimes);
        from(uri("partitionKeys=north,south&group=readers&groupMember=node&onSuccess=delete&delay=200"))
                .routeId("read")
                .process(this::failSometimes);
        from(uri("partitionKeys=mails&claim=true&onSuccess=delete&deadPartition=dead&maxDeliveries=2&delay=200"))
                .routeId("mail")
                .process(this::failSometimes);
    }

    private void repositories() {
        DynaStoreIdempotentRepository seen = new DynaStoreIdempotentRepository();
        seen.setTableName(table);
        seen.setName("orders");
        seen.setDynamoDbAsyncClient(client);
        every("orders")
                .setHeader("order", () -> String.valueOf(orders.get() / 3))
                .idempotentConsumer(header("order"), seen)
                .to("log:orders?level=DEBUG");

        DynaStoreAggregationRepository lines = new DynaStoreAggregationRepository();
        lines.setTableName(table);
        lines.setName("lines");
        lines.setDynamoDbAsyncClient(client);
        every("lines")
                .setBody(constant("a line"))
                .aggregate(constant("invoice"), (AggregationStrategy) (old, added) -> old == null ? added : old)
                .aggregationRepository(lines)
                .completionSize(3)
                .to("log:invoices?level=DEBUG");
    }

    private RouteDefinition every(String timer) {
        return from("timer:" + timer + OFTEN)
                .errorHandler(deadLetterChannel(FAILED).logExhausted(false).logHandled(false));
    }

    private String uri(String options) {
        return store.apply(options);
    }

    private void ticket(Exchange exchange) {
        exchange.getMessage().setBody("a ticket");
        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, String.valueOf(random.nextInt(20)));
    }

    private void failSometimes(Exchange exchange) {
        if (random.nextInt(20) == 0) {
            exchange.getMessage().setBody(null);
            throw new IllegalStateException("one of twenty fails");
        }
    }
}
