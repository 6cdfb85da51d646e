/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import static io.dynastore.store.Operation.DELETE;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Incarnation;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ConditionFailures;
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
 * <p>A transaction has a token, under which the service applies it once, however often the SDK sends it. It is refused as the
 * plain write would be. What it has produced does not come back: where the version does not follow from the request, one
 * consistent read looks for the write's mark in the item.
 */
public final class ExactlyOnce {

    private final TableContext table;
    private final TransactionRunner transaction;

    public ExactlyOnce(TableContext table, ConditionFailures refusals) {
        this.table = table;
        this.transaction = new TransactionRunner(table, refusals);
    }

    /** The operation that does one or the other. */
    public StoreOperation or(StoreOperation plain) {
        return call -> call.exactlyOnce() ? once(call) : plain.execute(call);
    }

    private CompletableFuture<Outcome> once(Call call) {
        TransactionItem write = TransactionItem.of(table, call);
        return transaction
                .run(call, List.of(write))
                .thenCompose(applied -> outcome(call, write, applied))
                .exceptionallyCompose(error -> refused(call, write, ConditionFailures.cause(error)));
    }

    private CompletableFuture<Outcome> outcome(Call call, TransactionItem write, TransactionRunner.Applied applied) {
        if (call.operation() == DELETE) {
            return CompletableFuture.completedFuture(new Outcome.Deleted(write.key(), applied.capacity()));
        }
        Instant expires = write.item() == null ? null : write.item().expires();
        Long version = applied.versions().get(0);
        if (version != null || !call.returnVersion()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Written(write.key(), version, incarnation(call, applied), expires, applied.capacity()));
        }
        // The write was applied: if this read fails, there is a version that we don't know, and no error.
        return table.client()
                .getItem(marks(write))
                .handle((response, error) -> new Outcome.Written(
                        write.key(),
                        response == null ? null : version(response, applied.id()),
                        response == null ? null : incarnation(write, response, applied.id()),
                        expires,
                        applied.capacity() + (response == null ? 0 : Capacity.of(response.consumedCapacity()))));
    }

    /** An item whose incarnation had no name has this write's now. */
    private static @Nullable Incarnation incarnation(Call call, TransactionRunner.Applied applied) {
        Incarnation expected = call.expectedIncarnation();
        return expected == null || expected.name() != null ? expected : new Incarnation(applied.id());
    }

    private GetItemRequest marks(TransactionItem write) {
        Map<String, String> names = new HashMap<>();
        WriteHistory.names(names);
        WriteHistory.creatorName(names);
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

    /** Of the item that holds the mark: another one may have its key by now. */
    private @Nullable Incarnation incarnation(TransactionItem write, GetItemResponse response, SdkBytes id) {
        return version(response, id) == null ? null : new StoredItem(table, write.key(), response.item()).incarnation();
    }

    private static CompletableFuture<Outcome> refused(Call call, TransactionItem write, Throwable cause) {
        if (!(cause instanceof TransactionFailedException failed)) {
            return CompletableFuture.failedFuture(cause);
        }
        DynaStoreException reason = Objects.requireNonNull(failed.reasons().get(0));
        return reason instanceof KeyNotFoundException && call.operation() == DELETE && !call.mustExist()
                ? CompletableFuture.completedFuture(new Outcome.Deleted(write.key(), 0))
                : CompletableFuture.failedFuture(reason);
    }
}
