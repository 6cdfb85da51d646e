/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ServiceClock;
import io.dynastore.store.Failures;
import io.dynastore.store.internal.item.AmbiguousFailures;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Sends the requests of a group, and reads the service's time from the responses. Thread safe, never waits.
 *
 * <p>A request never takes longer than a lease lasts, and an attempt a quarter of that. So a connection that hangs
 * costs a part of the lease.
 */
final class GroupClient implements GroupTable {

    private static final int ATTEMPTS_PER_LEASE = 4;

    private final DynamoDbAsyncClient client;
    private final GroupRequests requests;
    private final ServiceClock clock;
    private final Function<String, CompletableFuture<@Nullable String>> positions;
    private final AwsRequestOverrideConfiguration limits;

    /**
     * Sends by this client, which belongs to the caller.
     *
     * @param positions the position of a single consumer in a partition
     */
    GroupClient(
            DynamoDbAsyncClient client,
            GroupRequests requests,
            Duration lease,
            ServiceClock clock,
            Function<String, CompletableFuture<@Nullable String>> positions) {
        this.client = client;
        this.requests = requests;
        this.clock = clock;
        this.positions = positions;
        this.limits = limits(client, lease);
    }

    private static AwsRequestOverrideConfiguration limits(DynamoDbAsyncClient client, Duration lease) {
        ClientOverrideConfiguration own = client.serviceClientConfiguration().overrideConfiguration();
        Duration perCall = shorter(own.apiCallTimeout(), lease);
        AwsRequestOverrideConfiguration.Builder request = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(perCall)
                .apiCallAttemptTimeout(shorter(own.apiCallAttemptTimeout(), lease.dividedBy(ATTEMPTS_PER_LEASE)));
        RetryWithinTimeout.plugin(client.serviceClientConfiguration(), perCall).ifPresent(request::addPlugin);
        return request.build();
    }

    private static Duration shorter(Optional<Duration> given, Duration limit) {
        return given.filter(own -> own.compareTo(limit) < 0).orElse(limit);
    }

    @Override
    public CompletableFuture<GroupWrite> write(UpdateItemRequest request) {
        UpdateItemRequest limited =
                request.toBuilder().overrideConfiguration(limits).build();
        return timed(() -> client.updateItem(limited))
                .<GroupWrite>thenApply(
                        response -> new GroupWrite.Applied(response.hasAttributes() ? response.attributes() : Map.of()))
                .exceptionallyCompose(error -> failed(Failures.cause(error), request.key()));
    }

    private CompletableFuture<GroupWrite> failed(Throwable cause, Map<String, AttributeValue> key) {
        if (!(cause instanceof ConditionalCheckFailedException refused)) {
            return CompletableFuture.completedFuture(
                    new GroupWrite.Failed(cause, AmbiguousFailures.mayHaveBeenApplied(cause)));
        }
        boolean repeated = AmbiguousFailures.repeated(refused);
        if (refused.hasItem() && !refused.item().isEmpty()) {
            return CompletableFuture.completedFuture(new GroupWrite.Refused(refused.item(), repeated));
        }
        return look(key, repeated);
    }

    /** If an engine returns no item with a failed condition, it is read. DynamoDB does so only if there is none. */
    private CompletableFuture<GroupWrite> look(Map<String, AttributeValue> key, boolean repeated) {
        return latest(key)
                .<GroupWrite>thenApply(item -> new GroupWrite.Refused(item.isEmpty() ? null : item, repeated))
                .exceptionally(error -> new GroupWrite.Failed(Failures.cause(error), repeated));
    }

    /** The present item, by a strongly consistent read; empty if there is none. */
    CompletableFuture<Map<String, AttributeValue>> latest(Map<String, AttributeValue> key) {
        GetItemRequest read = GetItemRequest.builder()
                .tableName(requests.schema().table())
                .key(key)
                .consistentRead(true)
                .overrideConfiguration(limits)
                .build();
        return timed(() -> client.getItem(read)).thenApply(response -> response.hasItem() ? response.item() : Map.of());
    }

    @Override
    public CompletableFuture<List<Map<String, AttributeValue>>> items() {
        return page(Map.of(), new ArrayList<>());
    }

    private CompletableFuture<List<Map<String, AttributeValue>>> page(
            Map<String, AttributeValue> from, List<Map<String, AttributeValue>> before) {
        QueryRequest.Builder query = requests.query().toBuilder().overrideConfiguration(limits);
        QueryRequest request = (from.isEmpty() ? query : query.exclusiveStartKey(from)).build();
        return timed(() -> client.query(request)).thenCompose(response -> {
            before.addAll(response.items());
            return response.hasLastEvaluatedKey()
                            && !response.lastEvaluatedKey().isEmpty()
                    ? page(response.lastEvaluatedKey(), before)
                    : CompletableFuture.completedFuture(before);
        });
    }

    @Override
    public CompletableFuture<Map<String, AttributeValue>> item(Map<String, AttributeValue> key) {
        GetItemRequest request = GetItemRequest.builder()
                .tableName(requests.schema().table())
                .key(key)
                .overrideConfiguration(limits)
                .build();
        return timed(() -> client.getItem(request))
                .thenApply(response -> response.hasItem() ? response.item() : Map.of());
    }

    @Override
    public CompletableFuture<Void> remove(Map<String, AttributeValue> key) {
        DeleteItemRequest request = DeleteItemRequest.builder()
                .tableName(requests.schema().table())
                .key(key)
                .overrideConfiguration(limits)
                .build();
        return timed(() -> client.deleteItem(request)).thenApply(response -> null);
    }

    @Override
    public CompletableFuture<@Nullable String> position(String partition) {
        return positions.apply(partition);
    }

    /** A closed client throws, instead of failing the future. */
    private <A extends SdkResponse> CompletableFuture<A> timed(Supplier<CompletableFuture<A>> call) {
        long sent = clock.now().nanos();
        CompletableFuture<A> response;
        try {
            response = call.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
        return response.whenComplete(
                (done, error) -> clock.learn(sent, date(done == null ? refused(error) : done.sdkHttpResponse())));
    }

    private static @Nullable SdkHttpResponse refused(Throwable error) {
        return Failures.cause(error) instanceof AwsServiceException refused && refused.awsErrorDetails() != null
                ? refused.awsErrorDetails().sdkHttpResponse()
                : null;
    }

    private static Optional<String> date(@Nullable SdkHttpResponse response) {
        return response == null ? Optional.empty() : response.firstMatchingHeader("Date");
    }
}
