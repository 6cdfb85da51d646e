/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.AmbiguousFailures;
import io.dynastore.store.internal.item.ConditionalUpdates;
import io.dynastore.store.internal.item.Expressions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The changes that an operator makes to a queue. Thread safe, never waits.
 *
 * <p>Each is one conditional transaction with a token. So DynamoDB itself recognises a repetition by the SDK after a
 * lost response, and reports the result of the first attempt.
 */
final class QueueWrites {

    private static final String FAILED_CONDITION = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";
    private static final int MOST_CONFLICTS = 10;
    private static final int MOST_CHANGES = 3;
    private static final long PAUSE_MILLIS = 20;

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final QueueSettings settings;

    QueueWrites(DynamoDbAsyncClient client, TableSchema schema, QueueSettings settings) {
        this.client = client;
        this.schema = schema;
        this.settings = settings;
    }

    /** Deletes an item that is not in flight. */
    CompletableFuture<QueueChange> cancel(Key key) {
        Map<String, AttributeValue> values = free();
        TransactWriteItem delete = TransactWriteItem.builder()
                .delete(Delete.builder()
                        .tableName(schema.table())
                        .key(schema.encode(key))
                        .conditionExpression(ClaimExpressions.CANCELLABLE)
                        .expressionAttributeNames(ClaimExpressions.names(schema, ClaimExpressions.CANCELLABLE))
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
        return send(key, delete, this::held);
    }

    /** Changes when an item is due that is neither in flight nor dead. */
    CompletableFuture<QueueChange> due(Key key, Instant due) {
        Map<String, AttributeValue> values = free();
        TransactWriteItem update = update(key, ClaimExpressions.DUE_AT, ClaimExpressions.CHANGEABLE, values, due);
        return send(key, update, reason -> item(reason).dead() ? QueueChange.DEAD : held(reason));
    }

    /** Makes an item due again that is marked dead. */
    CompletableFuture<QueueChange> revive(Key key) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":one", ConditionalUpdates.number(1));
        Instant now = settings.clock().instant();
        TransactWriteItem update = update(key, ClaimExpressions.REVIVE, ClaimExpressions.IS_DEAD, values, now);
        return send(
                key,
                update,
                reason -> item(reason).attributes().isEmpty() ? QueueChange.MISSING : QueueChange.NOT_DEAD);
    }

    private TransactWriteItem update(
            Key key, String update, String condition, Map<String, AttributeValue> values, Instant from) {
        Map<String, AttributeValue> attributes = schema.encode(key);
        values.put(":from", ConditionalUpdates.number(from.toEpochMilli()));
        String text = update;
        if (settings.index() != null) {
            values.put(":shard", settings.index().shard(schema, attributes));
            text = ClaimExpressions.entering(update);
        }
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(schema.table())
                        .key(attributes)
                        .updateExpression(text)
                        .conditionExpression(condition)
                        .expressionAttributeNames(ClaimExpressions.names(schema, text, condition))
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
    }

    /** Moves an item from the dead partition back to the queue. If it changes meanwhile, it is read again. */
    CompletableFuture<QueueChange> moveBack(Key key) {
        return moveBack(key, MOST_CHANGES);
    }

    private CompletableFuture<QueueChange> moveBack(Key key, int repeats) {
        return client.getItem(get ->
                        get.tableName(schema.table()).key(schema.encode(key)).consistentRead(true))
                .thenCompose(response -> response.hasItem()
                        ? moveBack(key, new QueueItem(schema, response.item()), repeats)
                        : CompletableFuture.completedFuture(QueueChange.MISSING));
    }

    private CompletableFuture<QueueChange> moveBack(Key key, QueueItem dead, int repeats) {
        Map<String, AttributeValue> copy = DeadLetter.copy(dead, settings.partition());
        copy.put(
                QueueAttributes.FROM, ConditionalUpdates.number(settings.clock().millis()));
        if (settings.index() != null) {
            copy.put(QueueAttributes.SHARD, settings.index().shard(schema, copy));
        }
        AttributeValue version = dead.version();
        String condition = Expressions.and(
                Expressions.NO_LOCK,
                version == null
                        ? "attribute_exists(#partitionKey) AND attribute_not_exists(#version)"
                        : "#version = :seen");
        Delete delete = Delete.builder()
                .tableName(schema.table())
                .key(dead.key())
                .conditionExpression(condition)
                .expressionAttributeNames(ClaimExpressions.names(schema, condition))
                .expressionAttributeValues(version == null ? null : Map.of(":seen", version))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        Put put = Put.builder()
                .tableName(schema.table())
                .item(copy)
                .conditionExpression(ClaimExpressions.ABSENT)
                .expressionAttributeNames(ClaimExpressions.names(schema, ClaimExpressions.ABSENT))
                .build();
        return send(
                key,
                request(
                        TransactWriteItem.builder().delete(delete).build(),
                        TransactWriteItem.builder().put(put).build()),
                reasons -> FAILED_CONDITION.equals(reasons.get(0).code())
                        ? movedOrChanged(key, item(reasons.get(0)), repeats)
                        : CompletableFuture.completedFuture(QueueChange.OCCUPIED),
                0);
    }

    private CompletableFuture<QueueChange> movedOrChanged(Key key, QueueItem found, int repeats) {
        if (found.attributes().isEmpty() || found.lock()) {
            return CompletableFuture.completedFuture(QueueChange.MISSING);
        }
        return repeats > 0
                ? moveBack(key, repeats - 1)
                : CompletableFuture.failedFuture(new DynaStoreException("Table " + schema.table() + ", key " + key
                        + ": the dead item was changed each time that it was read. Repeat the call."));
    }

    private Map<String, AttributeValue> free() {
        Map<String, AttributeValue> values = new HashMap<>();
        Duration skew = settings.clockSkew();
        values.put(
                ":freeBefore",
                ConditionalUpdates.number(settings.clock().instant().minus(skew).toEpochMilli()));
        return values;
    }

    private QueueItem item(CancellationReason reason) {
        return new QueueItem(schema, reason.hasItem() ? reason.item() : Map.of());
    }

    private QueueChange held(CancellationReason reason) {
        QueueItem found = item(reason);
        return found.attributes().isEmpty() || found.lock() ? QueueChange.MISSING : QueueChange.IN_FLIGHT;
    }

    private CompletableFuture<QueueChange> send(
            Key key, TransactWriteItem write, Function<CancellationReason, QueueChange> refused) {
        return send(
                key, request(write), reasons -> CompletableFuture.completedFuture(refused.apply(reasons.get(0))), 0);
    }

    private static TransactWriteItemsRequest request(TransactWriteItem... writes) {
        return TransactWriteItemsRequest.builder()
                .transactItems(writes)
                .clientRequestToken(UUID.randomUUID().toString())
                .build();
    }

    /**
     * A conflict with another write of the item says nothing about it, so that the same is tried again.
     *
     * <p>The other write may be an earlier attempt of this one. So the token stays the same.
     */
    private CompletableFuture<QueueChange> send(
            Key key,
            TransactWriteItemsRequest request,
            Function<List<CancellationReason>, CompletableFuture<QueueChange>> refused,
            int conflicts) {
        return client.transactWriteItems(request)
                .thenApply(response -> QueueChange.APPLIED)
                .exceptionallyCompose(failure -> {
                    Throwable error = Failures.cause(failure);
                    if (error instanceof TransactionCanceledException canceled && canceled.hasCancellationReasons()) {
                        List<CancellationReason> reasons = canceled.cancellationReasons();
                        if (reasons.stream().anyMatch(reason -> FAILED_CONDITION.equals(reason.code()))) {
                            return refused.apply(reasons);
                        }
                        if (conflicts < MOST_CONFLICTS
                                && reasons.stream().anyMatch(reason -> CONFLICT.equals(reason.code()))) {
                            return CompletableFuture.<Void>supplyAsync(
                                            () -> null,
                                            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
                                    .thenCompose(paused -> send(key, request, refused, conflicts + 1));
                        }
                    }
                    return CompletableFuture.failedFuture(
                            AmbiguousFailures.mayHaveBeenApplied(error)
                                    ? new OutcomeUnknownException(schema.table(), key, error)
                                    : error);
                });
    }
}
