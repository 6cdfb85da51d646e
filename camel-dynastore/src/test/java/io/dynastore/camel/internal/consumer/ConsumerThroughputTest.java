/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.paginators.QueryPublisher;

/**
 * The throughput of a consumer compared with the SDK's own paginator. Both do the same work, in turns, several times in
 * one run.
 *
 * <p>By default the test is small and only shows that both do the same; {@code -Ddynastore.consumer.items=100000}
 * measures.
 */
@Tag("soak")
class ConsumerThroughputTest extends ConsumerContract {

    private static final int ITEMS = Integer.getInteger("dynastore.consumer.items", 400);
    private static final int ROUNDS = Integer.getInteger("dynastore.consumer.rounds", 1);
    private static final int PARTITIONS = 20;

    private final List<String> partitions =
            IntStream.range(0, PARTITIONS).mapToObj("p%02d"::formatted).toList();

    /** The work for each item. */
    private static void work(Duration time) {
        if (!time.isZero()) {
            LockSupport.parkNanos(time.toNanos());
        }
    }

    @Test
    void consumesAsTheSdkPages() throws Exception {
        ConsumerItems.load(dynamo.client(), table, partitions, ITEMS / PARTITIONS, 1000);
        try (DynamoDbAsyncClient client = dynamo.clientBuilder().build()) {
            for (int round = 0; round < ROUNDS; round++) {
                compare(client, Duration.ZERO);
                compare(client, Duration.ofMillis(1));
            }
        }
    }

    private void compare(DynamoDbAsyncClient client, Duration work) throws Exception {
        double paginator = page(client, work);
        double consumer = consume(client, work);
        System.out.printf(
                "%d items of 1 KB, %d ms of work each: paginator %.2f s (%.0f/s), consumer %.2f s (%.0f/s),"
                        + " ratio of the times %.2f%n",
                ITEMS, work.toMillis(), paginator, ITEMS / paginator, consumer, ITEMS / consumer, consumer / paginator);
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private double page(DynamoDbAsyncClient client, Duration work) throws Exception {
        CountDownLatch left = new CountDownLatch(ITEMS);
        long begun = System.nanoTime();
        for (String partition : partitions) {
            QueryPublisher pages = client.queryPaginator(query -> query.tableName(table)
                    .keyConditionExpression("#id = :id")
                    .expressionAttributeNames(Map.of("#id", "id"))
                    .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(partition))));
            pages.items()
                    .subscribe(item -> {
                        work(work);
                        left.countDown();
                    })
                    .get();
        }
        assertThat(left.getCount()).isZero();
        return secondsSince(begun);
    }

    private double consume(DynamoDbAsyncClient client, Duration work) throws Exception {
        CountDownLatch left = new CountDownLatch(ITEMS);
        try (DefaultCamelContext own = new DefaultCamelContext()) {
            own.getRegistry().bind("client", client);
            own.start();
            long begun = System.nanoTime();
            RouteBuilder.addRoutes(own, builder -> builder.from(store(
                            "partitionKeys=" + String.join(",", partitions) + "&resume=memory&initialDelay=0&delay=1"))
                    .process(exchange -> {
                        work(work);
                        left.countDown();
                    }));
            assertThat(left.await(30, TimeUnit.MINUTES)).isTrue();
            return secondsSince(begun);
        }
    }
}
