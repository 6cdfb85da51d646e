/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
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
 * A client of the application, with retries that fit its time limit. It has the requests that a store sends, and no
 * others. Thread safe.
 *
 * @param client sends the requests
 * @param retries makes the retries of a request fit
 */
public record TimeLimitedClient(DynamoDbAsyncClient client, SdkPlugin retries) implements DynamoDbAsyncClient {

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return client.getItem(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return client.putItem(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return client.updateItem(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return client.deleteItem(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        return client.query(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return client.scan(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return client.batchGetItem(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
        return client.transactWriteItems(within(request.toBuilder()).build());
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return client.describeTable(within(request.toBuilder()).build());
    }

    private <B extends DynamoDbRequest.Builder> B within(B request) {
        AwsRequestOverrideConfiguration given = request.overrideConfiguration();
        AwsRequestOverrideConfiguration.Builder own =
                given == null ? AwsRequestOverrideConfiguration.builder() : given.toBuilder();
        request.overrideConfiguration(own.addPlugin(retries).build());
        return request;
    }

    /**
     * The client with what it lacks: retries that fit its time limit. Without a time limit, it is an end of its calls
     * after it is closed.
     */
    public static DynamoDbAsyncClient of(DynamoDbAsyncClient client) {
        DynamoDbServiceClientConfiguration settings = client.serviceClientConfiguration();
        Optional<Duration> limit = settings.overrideConfiguration().apiCallTimeout();
        if (limit.isEmpty()) {
            return settings.overrideConfiguration()
                    .scheduledExecutorService()
                    .<DynamoDbAsyncClient>map(scheduler -> new WatchedClient(client, scheduler))
                    .orElse(client);
        }
        return limit.flatMap(most -> RetryWithinTimeout.plugin(settings, most))
                .<DynamoDbAsyncClient>map(plugin -> new TimeLimitedClient(client, plugin))
                .orElse(client);
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
