/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
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
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;

/**
 * A client that sends its requests by another one, which it may do in a way of its own. It has all requests that this
 * library sends, and no others.
 */
public abstract class ForwardingClient implements DynamoDbAsyncClient {

    private final DynamoDbAsyncClient client;

    /** Sends the requests by this client. */
    protected ForwardingClient(DynamoDbAsyncClient client) {
        this.client = client;
    }

    /** The client that sends the requests. */
    protected final DynamoDbAsyncClient client() {
        return client;
    }

    /** Whether pages are read without the SDK, see {@link PageItems}. */
    protected boolean readsPages() {
        return client instanceof ForwardingClient next && next.readsPages();
    }

    /**
     * Sends a request.
     *
     * @param call sends it by the other client
     */
    protected abstract <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q request, Function<Q, CompletableFuture<A>> call);

    @Override
    public final CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return send(request, client::batchGetItem);
    }

    @Override
    public final CompletableFuture<BatchWriteItemResponse> batchWriteItem(BatchWriteItemRequest request) {
        return send(request, client::batchWriteItem);
    }

    @Override
    public final CompletableFuture<CreateTableResponse> createTable(CreateTableRequest request) {
        return send(request, client::createTable);
    }

    @Override
    public final CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return send(request, client::deleteItem);
    }

    @Override
    public final CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return send(request, client::describeTable);
    }

    @Override
    public final CompletableFuture<DescribeTimeToLiveResponse> describeTimeToLive(DescribeTimeToLiveRequest request) {
        return send(request, client::describeTimeToLive);
    }

    @Override
    public final CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return send(request, client::getItem);
    }

    @Override
    public final CompletableFuture<ListTablesResponse> listTables(ListTablesRequest request) {
        return send(request, client::listTables);
    }

    @Override
    public final CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return send(request, client::putItem);
    }

    @Override
    public final CompletableFuture<QueryResponse> query(QueryRequest request) {
        return send(request, client::query);
    }

    @Override
    public final CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return send(request, client::scan);
    }

    @Override
    public final CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
        return send(request, client::transactWriteItems);
    }

    @Override
    public final CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return send(request, client::updateItem);
    }

    @Override
    public final CompletableFuture<UpdateTableResponse> updateTable(UpdateTableRequest request) {
        return send(request, client::updateTable);
    }

    @Override
    public final CompletableFuture<UpdateTimeToLiveResponse> updateTimeToLive(UpdateTimeToLiveRequest request) {
        return send(request, client::updateTimeToLive);
    }

    @Override
    public final DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public final String serviceName() {
        return client.serviceName();
    }
}
