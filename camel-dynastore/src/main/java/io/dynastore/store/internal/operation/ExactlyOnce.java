/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.Failures;
import io.dynastore.store.Incarnation;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Sends a write as a transaction of its own where the call asks for it.
 *
 * <p>A transaction has a token, under which the service applies it once, however often the SDK sends it. It fails as
 * the plain write would. The service does not return what it has produced. If the version does not follow from the
 * request, one consistent read looks for the write id in the item.
 *
 * <p>Decision 11 in docs/decisions has the reasons.
 */
final class ExactlyOnce {

    private final TableContext table;
    private final TransactionRunner transaction;

    ExactlyOnce(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.transaction = new TransactionRunner(table, failures);
    }

    /** The operation that sends a write in one way or the other. */
    StoreOperation<WriteCall, Outcome.Written> orWrite(StoreOperation<WriteCall, Outcome.Written> plain) {
        return call -> call.exactlyOnce() ? write(call) : plain.execute(call);
    }

    /** The operation that sends a delete in one way or the other. */
    StoreOperation<DeleteCall, Outcome.Deleted> orDelete(StoreOperation<DeleteCall, Outcome.Deleted> plain) {
        return call -> call.exactlyOnce() ? delete(call) : plain.execute(call);
    }

    private CompletableFuture<Outcome.Written> write(WriteCall call) {
        TransactionItem write = TransactionItem.of(table, call);
        return run(call, write)
                .thenCompose(applied -> written(call, write, applied))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(reason(error)));
    }

    private CompletableFuture<Outcome.Deleted> delete(DeleteCall call) {
        return run(call, TransactionItem.of(table, call))
                .thenApply(applied -> new Outcome.Deleted(call.key(), applied.capacity()))
                .exceptionallyCompose(error -> {
                    Throwable reason = reason(error);
                    return reason instanceof KeyNotFoundException && !call.mustExist()
                            ? CompletableFuture.completedFuture(new Outcome.Deleted(call.key(), 0))
                            : CompletableFuture.failedFuture(reason);
                });
    }

    private CompletableFuture<TransactionRunner.Applied> run(ConditionalCall<?> call, TransactionItem write) {
        return transaction.run(call.operation(), call.idempotencyToken(), List.of(write));
    }

    /** Why the only write failed. */
    private static Throwable reason(Throwable error) {
        Throwable cause = Failures.cause(error);
        return cause instanceof TransactionFailedException failed
                ? Objects.requireNonNull(failed.reasons().get(0))
                : cause;
    }

    private CompletableFuture<Outcome.Written> written(
            WriteCall call, TransactionItem write, TransactionRunner.Applied applied) {
        Instant expires = write.item() == null ? null : write.item().expires();
        Long version = applied.versions().get(0);
        boolean increments = write.item() != null && write.item().returnsIncrements();
        if (!increments && (version != null || !call.returnVersion())) {
            return CompletableFuture.completedFuture(new Outcome.Written(
                    write.key(), version, incarnation(call, applied), expires, null, applied.capacity()));
        }
        // The write was applied: if this read fails, there is a version that we don't know, and no error.
        return table.client()
                .getItem(writeIds(write))
                .handle((response, error) -> new Outcome.Written(
                        write.key(),
                        response == null ? version : version(response, applied.id()),
                        response == null ? null : incarnation(write, response, applied.id()),
                        expires,
                        response == null ? null : increments(write, response, applied.id()),
                        applied.capacity() + (response == null ? 0 : Capacity.of(response.consumedCapacity()))));
    }

    /** An item whose incarnation had no name has this write's now. */
    private static @Nullable Incarnation incarnation(WriteCall call, TransactionRunner.Applied applied) {
        Incarnation expected = call.expectedIncarnation();
        return expected == null || expected.name() != null ? expected : new Incarnation(applied.id());
    }

    /** Of the item as this write left it: what others have added since can't be told apart. */
    private @Nullable Map<String, @Nullable Object> increments(
            TransactionItem write, GetItemResponse response, SdkBytes id) {
        StoredItem stored = new StoredItem(table, write.key(), response.item());
        Long version = version(response, id);
        return version == null || write.item() == null || stored.version() != version
                ? null
                : write.item().increments(table, response.item());
    }

    private GetItemRequest writeIds(TransactionItem write) {
        Map<String, String> names = new HashMap<>();
        if (write.item() != null && write.item().returnsIncrements()) {
            write.item().incrementNames(table.schema(), names);
        }
        HistoryAttributes.names(names);
        HistoryAttributes.creatorName(names);
        return GetItemRequest.builder()
                .tableName(table.name())
                .key(write.keyAttributes())
                .projectionExpression(String.join(", ", names.keySet()))
                .expressionAttributeNames(names)
                .consistentRead(true)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private static @Nullable Long version(GetItemResponse response, SdkBytes id) {
        OptionalLong version = response.hasItem() ? WriteHistory.version(response.item(), id) : OptionalLong.empty();
        return version.isPresent() ? (Long) version.getAsLong() : null;
    }

    /** Of the item that holds the write id: another one may have its key by now. */
    private @Nullable Incarnation incarnation(TransactionItem write, GetItemResponse response, SdkBytes id) {
        return version(response, id) == null ? null : new StoredItem(table, write.key(), response.item()).incarnation();
    }
}
