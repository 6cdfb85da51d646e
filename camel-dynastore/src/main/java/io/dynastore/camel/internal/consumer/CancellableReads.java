/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The client of one consumer: it can cancel the reads of that consumer, which nobody waits for when it stops. Writes
 * always run to their end. It has the requests that a consumer sends, and no others. Thread safe; closing it does
 * nothing.
 */
final class CancellableReads implements DynamoDbAsyncClient {

    private final DynamoDbAsyncClient client;
    private final Map<Object, CompletableFuture<?>> running = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    /** Sends the requests by this client, and leaves it open. */
    CancellableReads(DynamoDbAsyncClient client) {
        this.client = client;
    }

    /** Cancels the reads in flight, and refuses further ones. They fail with a {@link CancellationException}. */
    void cancel() {
        cancelled = true;
        running.values().forEach(read -> read.cancel(true));
    }

    /** Allows reads again. */
    void allow() {
        cancelled = false;
    }

    private <T> CompletableFuture<T> read(Supplier<CompletableFuture<T>> request) {
        if (cancelled) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        CompletableFuture<T> response = request.get();
        if (!response.isDone()) {
            Object key = new Object();
            running.put(key, response);
            CompletableFuture<T> unused = response.whenComplete((result, error) -> running.remove(key));
            if (cancelled) {
                response.cancel(true);
            }
        }
        return response;
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        return read(() -> client.query(request));
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return read(() -> client.scan(request));
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return read(() -> client.getItem(request));
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return read(() -> client.batchGetItem(request));
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return read(() -> client.describeTable(request));
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return client.putItem(request);
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return client.updateItem(request);
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return client.deleteItem(request);
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    @Override
    public void close() {
        // The client belongs to the component or the application.
    }
}
