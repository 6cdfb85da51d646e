/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
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
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * A client that the component has made, and the scheduler that it uses. It has the requests of the component, and no
 * others. Thread safe.
 *
 * <ol>
 *   <li>The client is closed after its last call has ended, so that no call ends because of that. An HTTP client that
 *       is closed under a request loses its response; a native one was seen to end the process.
 *   <li>A call has ended when its caller has seen the result. So a second request of the same operation, sent by the
 *       same stage, is still accepted.
 *   <li>A call ends by its time-out at the latest. So the close is bounded.
 *   <li>The client is never closed on a thread of its own.
 * </ol>
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
final class OwnedClient implements DynamoDbAsyncClient {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    /** How long a close is waited for, and calls in flight may send further requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DynamoDbAsyncClient client;
    private final ScheduledExecutorService scheduler;
    private final Duration longestCall;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private int running;
    private boolean closing;
    private long closingSince;

    /**
     * An open client.
     *
     * @param longestCall the time-out of each call
     */
    OwnedClient(DynamoDbAsyncClient client, ScheduledExecutorService scheduler, Duration longestCall) {
        this.client = client;
        this.scheduler = scheduler;
        this.longestCall = longestCall;
    }

    /** Closes these clients when they are idle. Waits for that a short time; the rest is done in the background. */
    static void closeAll(Collection<OwnedClient> clients) {
        List<OwnedClient> all = List.copyOf(clients);
        all.forEach(OwnedClient::beginToClose);
        Thread closer = new Thread(() -> all.forEach(OwnedClient::closeWhenIdle), "dynastore-client-closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void beginToClose() {
        if (!closing) {
            closing = true;
            closingSince = System.nanoTime();
        }
        if (running == 0) {
            idle.complete(null);
        }
    }

    private void closeWhenIdle() {
        try {
            idle.get(PATIENCE.plus(longestCall).plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("A client is closed while calls are in flight, because they have not ended by their time-out");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            client.close();
        } catch (RuntimeException e) {
            LOG.warn("A client could not be closed", e);
        }
        scheduler.shutdown();
    }

    private synchronized boolean begin() {
        boolean open = !closing || (running > 0 && System.nanoTime() - closingSince < PATIENCE.toNanos());
        running += open ? 1 : 0;
        return open;
    }

    private synchronized void end() {
        running--;
        if (closing && running == 0) {
            idle.complete(null);
        }
    }

    private <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> request) {
        if (!begin()) {
            return CompletableFuture.failedFuture(SdkClientException.create(
                    "The request was not sent: its client is closed, because the Camel context has stopped."));
        }
        CompletableFuture<T> response;
        try {
            response = request.get();
        } catch (RuntimeException | Error e) {
            end();
            throw e;
        }
        return seen(response);
    }

    private <T> CompletableFuture<T> seen(CompletableFuture<T> response) {
        CompletableFuture<T> seen = new CompletableFuture<>();
        CompletableFuture<T> unused = response.whenComplete((result, error) -> {
            try {
                if (error == null) {
                    seen.complete(result);
                } else {
                    seen.completeExceptionally(error);
                }
            } finally {
                end();
            }
        });
        CompletableFuture<T> unusedEither = seen.whenComplete((result, error) -> {
            if (seen.isCancelled()) {
                response.cancel(true);
            }
        });
        return seen;
    }

    /** Closes the client when it is idle. */
    @Override
    public void close() {
        closeAll(List.of(this));
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return call(() -> client.getItem(request));
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return call(() -> client.batchGetItem(request));
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        return call(() -> client.query(request));
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return call(() -> client.scan(request));
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return call(() -> client.putItem(request));
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return call(() -> client.updateItem(request));
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return call(() -> client.deleteItem(request));
    }

    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
        return call(() -> client.transactWriteItems(request));
    }

    @Override
    public CompletableFuture<CreateTableResponse> createTable(CreateTableRequest request) {
        return call(() -> client.createTable(request));
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return call(() -> client.describeTable(request));
    }

    @Override
    public CompletableFuture<DescribeTimeToLiveResponse> describeTimeToLive(DescribeTimeToLiveRequest request) {
        return call(() -> client.describeTimeToLive(request));
    }

    @Override
    public CompletableFuture<UpdateTimeToLiveResponse> updateTimeToLive(UpdateTimeToLiveRequest request) {
        return call(() -> client.updateTimeToLive(request));
    }

    @Override
    public CompletableFuture<ListTablesResponse> listTables(ListTablesRequest request) {
        return call(() -> client.listTables(request));
    }

    @Override
    public DynamoDbAsyncWaiter waiter() {
        return DynamoDbAsyncWaiter.builder().client(this).build();
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }
}
