/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.internal.item.AmbiguousFailures;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.RuntimeCamelException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Sends writes that are applied together or not at all: one as a request of its own, several as a transaction. Thread
 * safe.
 */
final class AtomicWrites {

    private static final int MOST_ATTEMPTS = 20;
    private static final long PAUSE = 50;

    private static final String FAILED = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";

    private final TableRequests requests;

    AtomicWrites(TableRequests requests) {
        this.requests = requests;
    }

    /** What came of them. */
    enum Result {
        APPLIED,
        /** A condition did not hold, or another transaction was in the way. */
        REFUSED,
        /** The same, after an attempt that got no response and may have been applied. */
        REFUSED_AFTER_LOST_RESPONSE;

        private static Result refused(boolean lost) {
            return lost ? REFUSED_AFTER_LOST_RESPONSE : REFUSED;
        }
    }

    /** Sends them and waits for the response. */
    Result send(List<TransactWriteItem> writes) {
        String token = UUID.randomUUID().toString();
        boolean lost = false;
        for (int attempt = 1; ; attempt++) {
            try {
                requests.sent(() -> sending(writes, token));
                return Result.APPLIED;
            } catch (ConditionalCheckFailedException | TransactionConflictException e) {
                return Result.refused(lost || AmbiguousFailures.repeated(e));
            } catch (TransactionCanceledException e) {
                if (!isRefused(e)) {
                    throw e;
                }
                lost = lost || AmbiguousFailures.repeated(e);
                // The other transaction may be an earlier attempt of this one, whose result is then the result of both.
                if (has(e, FAILED) || attempt == MOST_ATTEMPTS) {
                    return Result.refused(lost);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeCamelException("Interrupted while it waited for another transaction", e);
        }
    }

    /** Whether a transaction was refused by a condition or by another transaction. */
    static boolean isRefused(TransactionCanceledException error) {
        return has(error, FAILED) || has(error, CONFLICT);
    }

    private static boolean has(TransactionCanceledException error, String code) {
        return error.cancellationReasons().stream()
                .map(CancellationReason::code)
                .anyMatch(code::equals);
    }

    /** Sends them. */
    CompletableFuture<?> sending(List<TransactWriteItem> writes) {
        return sending(writes, UUID.randomUUID().toString());
    }

    private CompletableFuture<?> sending(List<TransactWriteItem> writes, String token) {
        if (writes.size() > 1) {
            return transaction(writes, token);
        }
        Put put = writes.get(0).put();
        return put == null ? delete(writes.get(0).delete()) : put(put);
    }

    private CompletableFuture<?> transaction(List<TransactWriteItem> writes, String token) {
        return requests.client()
                .transactWriteItems(TransactWriteItemsRequest.builder()
                        .transactItems(writes)
                        .clientRequestToken(token)
                        .overrideConfiguration(requests.limits())
                        .build());
    }

    private CompletableFuture<?> put(Put put) {
        return requests.client()
                .putItem(PutItemRequest.builder()
                        .tableName(put.tableName())
                        .item(put.item())
                        .conditionExpression(put.conditionExpression())
                        .expressionAttributeNames(put.expressionAttributeNames())
                        .expressionAttributeValues(put.expressionAttributeValues())
                        .overrideConfiguration(requests.limits())
                        .build());
    }

    private CompletableFuture<?> delete(Delete delete) {
        return requests.client()
                .deleteItem(DeleteItemRequest.builder()
                        .tableName(delete.tableName())
                        .key(delete.key())
                        .conditionExpression(delete.conditionExpression())
                        .expressionAttributeNames(delete.expressionAttributeNames())
                        .expressionAttributeValues(delete.expressionAttributeValues())
                        .overrideConfiguration(requests.limits())
                        .build());
    }
}
