/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The loader of {@link StreamMemory}: fills a partition with small items, by the SDK, as the component has no batch
 * writes.
 */
final class StreamMemoryLoad {

    private static final int BATCH = 25;
    private static final int IN_FLIGHT = 16;
    private static final int TRIES = 60;

    private StreamMemoryLoad() {}

    public static void main(String[] args) throws Exception {
        int items = Integer.parseInt(args[1]);
        try (DynamoDbAsyncClient client = client(args[0])) {
            createTable(client);
            long start = System.nanoTime();
            load(client, items);
            System.out.printf("loaded=%d in %.0f s%n", items, (System.nanoTime() - start) / 1e9);
        }
    }

    static DynamoDbAsyncClient client(String endpoint) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
    }

    /** Retries until the engine has started. */
    private static void createTable(DynamoDbAsyncClient client) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                new TableCreation(client, TableSchema.named(StreamMemory.TABLE))
                        .ensure(Duration.ofSeconds(30))
                        .join();
                return;
            } catch (RuntimeException e) {
                if (!(e.getCause() instanceof SdkClientException) || attempt == TRIES) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }

    private static void load(DynamoDbAsyncClient client, int items) throws InterruptedException {
        Semaphore permits = new Semaphore(IN_FLIGHT);
        CompletableFuture<Void> failure = new CompletableFuture<>();
        for (int next = 0; next < items && !failure.isDone(); next += BATCH) {
            permits.acquire();
            CompletableFuture<?> unused = write(client, batch(next, Math.min(items, next + BATCH)))
                    .whenComplete((done, error) -> {
                        if (error != null) {
                            failure.completeExceptionally(error);
                        }
                        permits.release();
                    });
        }
        permits.acquire(IN_FLIGHT);
        failure.complete(null);
        failure.join();
    }

    private static CompletableFuture<BatchWriteItemResponse> write(
            DynamoDbAsyncClient client, Map<String, List<WriteRequest>> requests) {
        BatchWriteItemRequest request =
                BatchWriteItemRequest.builder().requestItems(requests).build();
        return client.batchWriteItem(request)
                .thenCompose(response -> response.unprocessedItems().isEmpty()
                        ? CompletableFuture.completedFuture(response)
                        : write(client, response.unprocessedItems()));
    }

    private static Map<String, List<WriteRequest>> batch(int from, int to) {
        List<WriteRequest> requests = new ArrayList<>();
        for (int number = from; number < to; number++) {
            Map<String, AttributeValue> item = Map.of(
                    "id", AttributeValue.fromS(StreamMemory.PARTITION),
                    "name", AttributeValue.fromS("%09d".formatted(number)),
                    "version", AttributeValue.fromN("1"),
                    "payload", AttributeValue.fromS("reading " + number));
            requests.add(
                    WriteRequest.builder().putRequest(put -> put.item(item)).build());
        }
        return Map.of(StreamMemory.TABLE, requests);
    }
}
