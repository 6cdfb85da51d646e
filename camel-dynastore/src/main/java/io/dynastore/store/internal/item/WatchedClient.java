/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A client of the application that has no time limit for calls. The application may close it while calls are in flight.
 * Over the AWS CRT, their futures then never complete. It has the requests that a store sends, and no others. Thread
 * safe.
 *
 * <ol>
 *   <li>With its close, a client shuts its scheduler down, unless that is the application's. While calls are in flight,
 *       a look at the scheduler every second finds that out.
 *   <li>Calls that have not ended at the second look after that fail. Their requests may have been applied.
 *   <li>The SDK's future is left alone, since cancelling it would reach into a native client that is closed.
 * </ol>
 */
final class WatchedClient implements DynamoDbAsyncClient {

    private static final Executor NEXT_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final DynamoDbAsyncClient client;
    private final ScheduledExecutorService scheduler;
    private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();

    /**
     * Watches a client.
     *
     * @param scheduler the one that the client shuts down when it is closed
     */
    WatchedClient(DynamoDbAsyncClient client, ScheduledExecutorService scheduler) {
        this.client = client;
        this.scheduler = scheduler;
    }

    private <T> CompletableFuture<T> call(CompletableFuture<T> response) {
        if (response.isDone()) {
            return response;
        }
        CompletableFuture<T> seen = new CompletableFuture<>();
        running.add(seen);
        watch();
        CompletableFuture<T> unused = response.whenComplete((result, error) -> {
            running.remove(seen);
            if (error == null) {
                seen.complete(result);
            } else {
                seen.completeExceptionally(error);
            }
        });
        CompletableFuture<T> unusedEither = seen.whenComplete((result, error) -> {
            if (seen.isCancelled()) {
                running.remove(seen);
                response.cancel(true);
            }
        });
        return seen;
    }

    private void watch() {
        if (watching.compareAndSet(false, true)) {
            NEXT_SECOND.execute(() -> look(false));
        }
    }

    private void look(boolean closedBefore) {
        boolean closed = scheduler.isShutdown();
        if (closed && closedBefore) {
            running.forEach(this::end);
        }
        if (running.isEmpty()) {
            watching.set(false);
            if (!running.isEmpty()) {
                watch();
            }
        } else {
            NEXT_SECOND.execute(() -> look(closed));
        }
    }

    private void end(CompletableFuture<?> seen) {
        running.remove(seen);
        seen.completeExceptionally(SdkClientException.create(
                "The client was closed by the application while the request was in flight, and its response is lost."));
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return call(client.getItem(request));
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return call(client.putItem(request));
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return call(client.updateItem(request));
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return call(client.deleteItem(request));
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        return call(client.query(request));
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return call(client.scan(request));
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return call(client.batchGetItem(request));
    }

    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
        return call(client.transactWriteItems(request));
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return call(client.describeTable(request));
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    /** The client belongs to the application. */
    @Override
    public void close() {}
}
