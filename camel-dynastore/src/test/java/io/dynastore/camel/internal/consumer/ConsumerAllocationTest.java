/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** What an item costs beside its response: the exchange, its state and its end. */
class ConsumerAllocationTest {

    private static final int PAGE = 100;
    private static final int WARM = 2_000;
    private static final int ITEMS = 10_000;

    /** The compiled code takes 2,550. */
    private static final long MOST_BYTES = 3_100;

    private final CompletableFuture<Long> allocated = new CompletableFuture<>();
    private int seen;
    private long before;

    @Test
    void exchangeOfAnItemTakesFewBytes() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("client", new EndlessPartition());
            LambdaRouteBuilder route =
                    builder -> builder.from("dynastore:tickets?partitionKeys=open&initialDelay=1&delay=10")
                            .process(this::count);
            RouteBuilder.addRoutes(context, route);
            context.start();

            assertThat(allocated.get(30, TimeUnit.SECONDS) / ITEMS).isLessThan(MOST_BYTES);
        }
    }

    /** All exchanges run on the thread of the poll, as the client responds at once. */
    private void count(Exchange exchange) {
        seen++;
        if (seen == WARM) {
            before = bytes();
        } else if (seen == WARM + ITEMS) {
            allocated.complete(bytes() - before);
        }
    }

    private static long bytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Each query finds the same page, and more behind it. */
    private static final class EndlessPartition implements DynamoDbAsyncClient {
        private final QueryResponse page = QueryResponse.builder()
                .items(IntStream.range(0, PAGE).mapToObj(EndlessPartition::item).toList())
                .lastEvaluatedKey(key(PAGE - 1))
                .build();

        private static Map<String, AttributeValue> key(int number) {
            return Map.of("id", AttributeValue.fromS("open"), "name", AttributeValue.fromS("ticket-" + number));
        }

        private static Map<String, AttributeValue> item(int number) {
            return Map.of(
                    "id", AttributeValue.fromS("open"),
                    "name", AttributeValue.fromS("ticket-" + number),
                    "version", AttributeValue.fromN("7"),
                    "payload", AttributeValue.fromS("A ticket"));
        }

        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            return CompletableFuture.completedFuture(page);
        }

        @Override
        public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
            return DynamoDbServiceClientConfiguration.builder()
                    .region(Region.EU_CENTRAL_1)
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // It has nothing to close.
        }
    }
}
