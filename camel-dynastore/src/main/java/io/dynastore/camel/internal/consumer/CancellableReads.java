/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.internal.item.ForwardingClient;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * The client of one consumer: it can cancel the reads of that consumer, which nobody waits for when it stops. Writes
 * always run to their end. Thread safe; closing it does nothing.
 */
final class CancellableReads extends ForwardingClient {

    private final Map<Object, CompletableFuture<?>> running = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    /** Sends the requests by this client, and leaves it open. */
    CancellableReads(DynamoDbAsyncClient client) {
        super(client);
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

    @Override
    protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q request, Function<Q, CompletableFuture<A>> call) {
        if (!reads(request)) {
            return call.apply(request);
        }
        if (cancelled) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        CompletableFuture<A> response = call.apply(request);
        if (!response.isDone()) {
            Object key = new Object();
            running.put(key, response);
            CompletableFuture<A> unused = response.whenComplete((result, error) -> running.remove(key));
            if (cancelled) {
                response.cancel(true);
            }
        }
        return response;
    }

    /** Whether it only reads. */
    private static boolean reads(DynamoDbRequest request) {
        return request instanceof QueryRequest
                || request instanceof ScanRequest
                || request instanceof GetItemRequest
                || request instanceof BatchGetItemRequest
                || request instanceof DescribeTableRequest;
    }

    @Override
    public void close() {
        // The client belongs to the component or the application.
    }
}
