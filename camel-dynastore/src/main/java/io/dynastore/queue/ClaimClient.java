/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.Failures;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.AmbiguousFailures;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Sends the writes of claims. Thread safe, never waits. A request never takes longer than a claim lasts, and an attempt
 * a quarter of that. So a connection that hangs costs a part of the lease.
 */
final class ClaimClient {

    private static final int ATTEMPTS_PER_LEASE = 4;
    private static final String FAILED_CONDITION = "ConditionalCheckFailed";

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final AwsRequestOverrideConfiguration limits;

    ClaimClient(DynamoDbAsyncClient client, TableSchema schema, Duration ttl) {
        this.client = client;
        this.schema = schema;
        this.limits = limits(client, ttl);
    }

    private static AwsRequestOverrideConfiguration limits(DynamoDbAsyncClient client, Duration ttl) {
        ClientOverrideConfiguration own = client.serviceClientConfiguration().overrideConfiguration();
        Duration perCall = shorter(own.apiCallTimeout(), ttl);
        AwsRequestOverrideConfiguration.Builder request = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(perCall)
                .apiCallAttemptTimeout(shorter(own.apiCallAttemptTimeout(), ttl.dividedBy(ATTEMPTS_PER_LEASE)));
        RetryWithinTimeout.plugin(client.serviceClientConfiguration(), perCall).ifPresent(request::addPlugin);
        return request.build();
    }

    private static Duration shorter(Optional<Duration> given, Duration limit) {
        return given.filter(own -> own.compareTo(limit) < 0).orElse(limit);
    }

    /** Sends a write. The future never fails. */
    CompletableFuture<WriteResult> send(ClaimWrite write) {
        try {
            if (write instanceof ClaimWrite.Update update) {
                return client.updateItem(update.request().toBuilder()
                                .overrideConfiguration(limits)
                                .build())
                        .<WriteResult>thenApply(response -> new WriteResult.Applied(response.attributes()))
                        .exceptionallyCompose(error ->
                                failed(Failures.cause(error), update.request().key()));
            }
            if (write instanceof ClaimWrite.Delete delete) {
                return client.deleteItem(delete.request().toBuilder()
                                .overrideConfiguration(limits)
                                .build())
                        .<WriteResult>thenApply(response -> new WriteResult.Applied(Map.of()))
                        .exceptionallyCompose(error ->
                                failed(Failures.cause(error), delete.request().key()));
            }
            ClaimWrite.Move move = (ClaimWrite.Move) write;
            return client.transactWriteItems(move.request().toBuilder()
                            .overrideConfiguration(limits)
                            .build())
                    .<WriteResult>thenApply(response -> new WriteResult.Applied(Map.of()))
                    .exceptionallyCompose(error -> canceled(Failures.cause(error), move));
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future. It has sent nothing.
            return CompletableFuture.completedFuture(new WriteResult.Failed(e, false));
        }
    }

    private CompletableFuture<WriteResult> failed(Throwable cause, Map<String, AttributeValue> key) {
        if (!(cause instanceof ConditionalCheckFailedException failed)) {
            return CompletableFuture.completedFuture(
                    new WriteResult.Failed(cause, AmbiguousFailures.mayHaveBeenApplied(cause)));
        }
        return refused(failed.hasItem() ? failed.item() : Map.of(), key, AmbiguousFailures.repeated(failed));
    }

    private CompletableFuture<WriteResult> canceled(Throwable cause, ClaimWrite.Move move) {
        if (!(cause instanceof TransactionCanceledException canceled) || !canceled.hasCancellationReasons()) {
            return CompletableFuture.completedFuture(
                    new WriteResult.Failed(cause, AmbiguousFailures.mayHaveBeenApplied(cause)));
        }
        List<CancellationReason> reasons = canceled.cancellationReasons();
        CancellationReason item = reasons.get(0);
        if (FAILED_CONDITION.equals(item.code())) {
            return refused(
                    item.hasItem() ? item.item() : Map.of(),
                    move.request().transactItems().get(0).delete().key(),
                    AmbiguousFailures.repeated(canceled));
        }
        return CompletableFuture.completedFuture(
                FAILED_CONDITION.equals(reasons.get(1).code())
                        ? new WriteResult.Occupied()
                        : new WriteResult.Failed(cause, false));
    }

    /** If an engine returns no item with a failed condition, it is read. DynamoDB does so only if there is none. */
    private CompletableFuture<WriteResult> refused(
            Map<String, AttributeValue> found, Map<String, AttributeValue> key, boolean repeated) {
        if (!found.isEmpty()) {
            return CompletableFuture.completedFuture(new WriteResult.Refused(item(found), repeated));
        }
        return client.getItem(GetItemRequest.builder()
                        .tableName(schema.table())
                        .key(key)
                        .consistentRead(true)
                        .overrideConfiguration(limits)
                        .build())
                .<WriteResult>thenApply(response ->
                        new WriteResult.Refused(response.hasItem() ? item(response.item()) : null, repeated))
                .exceptionally(error -> new WriteResult.Failed(Failures.cause(error), repeated));
    }

    private @Nullable QueueItem item(Map<String, AttributeValue> attributes) {
        return new QueueItem(schema, attributes);
    }
}
