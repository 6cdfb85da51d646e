/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A client of a real engine whose queries bring small pages, are counted when they are sent, and can be made to wait
 * or fail. Queries are numbered from 1. It has the requests that lists and updates need, and no others. Thread safe;
 * closing it does nothing.
 */
public final class QueryGate implements DynamoDbAsyncClient {

    private final DynamoDbAsyncClient delegate;
    private final int rows;
    private final List<QueryRequest> queries = new CopyOnWriteArrayList<>();
    private final AtomicInteger responded = new AtomicInteger();
    private final AtomicInteger batchGets = new AtomicInteger();
    private final Map<Integer, RuntimeException> failures = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();

    /** Lets a query look at that many rows at most. */
    public QueryGate(DynamoDbAsyncClient delegate, int rows) {
        this.delegate = delegate;
        this.rows = rows;
    }

    /** The queries that were sent, as they were meant; a copy. */
    public List<QueryRequest> queries() {
        return List.copyOf(queries);
    }

    /** How many queries were sent. */
    public int sent() {
        return queries.size();
    }

    /** How many queries were answered, and whoever waited for the responses has done what there was to do. */
    public int responded() {
        return responded.get();
    }

    /** How many BatchGetItem requests were sent. */
    public int batchGets() {
        return batchGets.get();
    }

    /** Lets the query of that number fail, without asking the engine. */
    public void fail(int number, RuntimeException failure) {
        failures.put(number, failure);
    }

    /** Keeps back the response to the query of that number until the future is completed. */
    public CompletableFuture<Void> hold(int number) {
        return gates.computeIfAbsent(number, any -> new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        int number;
        synchronized (this) {
            queries.add(request);
            number = queries.size();
        }
        RuntimeException failure = failures.get(number);
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        int most = request.limit() == null ? rows : Math.min(rows, request.limit());
        CompletableFuture<Void> gate = gates.getOrDefault(number, CompletableFuture.completedFuture(null));
        CompletableFuture<QueryResponse> pending =
                delegate.query(request.toBuilder().limit(most).build()).thenCombine(gate, (response, open) -> response);
        // Stages of a future run in the reverse order of their registration, so that this one comes last.
        CompletableFuture<QueryResponse> unused =
                pending.whenComplete((response, error) -> responded.incrementAndGet());
        return pending;
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        batchGets.incrementAndGet();
        return delegate.batchGetItem(request);
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return delegate.updateItem(request);
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return delegate.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return delegate.serviceName();
    }

    @Override
    public void close() {
        // The engine's client is shared.
    }
}
