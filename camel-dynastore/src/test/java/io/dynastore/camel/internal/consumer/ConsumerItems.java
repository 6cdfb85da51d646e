/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Loads many items into a table, 25 per request. */
final class ConsumerItems {

    private static final int CHUNK = 25;

    private ConsumerItems() {}

    /** Loads items 00000, 00001, … of each partition, with payloads of this many characters. */
    static void load(DynamoDbAsyncClient client, String table, List<String> partitions, int each, int size)
            throws InterruptedException {
        AttributeValue payload = fromS("x".repeat(size));
        Semaphore room = new Semaphore(8);
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (String partition : partitions) {
            for (int first = 0; first < each; first += CHUNK) {
                room.acquire();
                List<WriteRequest> chunk = IntStream.range(first, Math.min(each, first + CHUNK))
                        .mapToObj(number -> put(partition, "%05d".formatted(number), payload))
                        .toList();
                writes.add(client.batchWriteItem(write -> write.requestItems(Map.of(table, chunk)))
                        .whenComplete((done, error) -> room.release()));
            }
        }
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
    }

    private static WriteRequest put(String partition, String name, AttributeValue payload) {
        Map<String, AttributeValue> item =
                Map.of("id", fromS(partition), "name", fromS(name), "payload", payload, "version", fromN("1"));
        return WriteRequest.builder().putRequest(put -> put.item(item)).build();
    }
}
