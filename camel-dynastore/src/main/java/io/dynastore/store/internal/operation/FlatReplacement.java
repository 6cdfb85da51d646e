/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemPut;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Replaces all attributes of a flat item, for put and update.
 *
 * <ol>
 *   <li>DynamoDB removes only attributes that a request names. So one consistent read finds out what is there.
 *   <li>The update sets the given attributes, removes the others of the payload, and expects the version that was read.
 *       What the component keeps in the item stays.
 *   <li>If the item has changed meanwhile, the conflicting item takes the place of the one that was read, and the rules
 *       apply again. If the call expects a version, that is a conflict.
 *   <li>A put writes an absent item whole, or replaces an expired one, as a create does.
 * </ol>
 *
 * <p>Decision 22 in docs/decisions has the reasons.
 */
final class FlatReplacement {

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemUpdate update;
    private final ItemPut whole;

    FlatReplacement(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.update = new ItemUpdate(table);
        this.whole = new ItemPut(table);
    }

    /** The operation that replaces flat items, and leaves all else to another one. */
    StoreOperation<WriteCall, Outcome.Written> or(StoreOperation<WriteCall, Outcome.Written> other) {
        return table.schema().flat() ? call -> execute(call, other) : other;
    }

    private CompletableFuture<Outcome.Written> execute(
            WriteCall call, StoreOperation<WriteCall, Outcome.Written> other) {
        EncodedItem item = EncodedItem.of(table, call);
        if (!item.replacing()) {
            return other.execute(call);
        }
        Attempt attempt = new Attempt(call, item, IdempotentWrite.of(table, failures, call, item));
        return table.client()
                .getItem(GetItemRequest.builder()
                        .tableName(table.name())
                        .key(item.keyAttributes())
                        .consistentRead(true)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build())
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(attempt.unread(Failures.cause(error))))
                .thenCompose(response -> {
                    Optional<StoredItem> found = response.hasItem()
                            ? Optional.of(new StoredItem(table, item.key(), response.item()))
                            : Optional.empty();
                    return attempt.resolve(found, null, null, 1)
                            .thenApply(written -> written.with(Capacity.of(response.consumedCapacity())));
                });
    }

    /** One write with all its requests. */
    private final class Attempt {

        private final WriteCall call;
        private final EncodedItem item;
        private final IdempotentWrite write;

        Attempt(WriteCall call, EncodedItem item, IdempotentWrite write) {
            this.call = call;
            this.item = item;
            this.write = write;
        }

        /** Why the item could not be read. Nothing was sent, except by the write that this one may repeat. */
        Throwable unread(Throwable cause) {
            return write.repeated() ? write.unknown(cause) : cause;
        }

        /**
         * What follows from an item.
         *
         * @param found the item that was read, or that a request was refused for
         * @param error the error of that request; null before the first
         * @param produced the version that it would have produced
         */
        CompletableFuture<Outcome.Written> resolve(
                Optional<StoredItem> found, @Nullable Throwable error, @Nullable Long produced, int round) {
            OptionalLong applied = write.applied(found);
            if (applied.isPresent()) {
                return CompletableFuture.completedFuture(
                        ItemUpdate.recognised(item, write, applied.getAsLong(), found));
            }
            boolean undecided = write.undecided(
                    found,
                    call.expectedVersion() == null ? produced : (Long) (call.expectedVersion() + 1));
            boolean adds = !call.increments().isEmpty() && found.isPresent();
            if (undecided && (error != null || adds)) {
                return CompletableFuture.failedFuture(unknown(error));
            }
            if (round > Create.MOST_ROUNDS) {
                return CompletableFuture.failedFuture(Create.unsettled(table, item));
            }
            if (call.kind() == WriteCall.Kind.PUT && call.expectedVersion() == null) {
                Optional<DynaStoreException> closed = ConditionFailures.lockFailure(
                                table, item.key(), item.fence(), found)
                        .or(() -> ConditionFailures.versionFailure(table, item.key(), found));
                if (closed.isPresent()) {
                    return refused(undecided, closed.get());
                }
                if (found.isEmpty()) {
                    return again(whole.create(item, write.id()), 1L, round);
                }
                if (found.get().expired()) {
                    return again(
                            whole.replace(found.get(), item, write.id()),
                            found.get().version() + 1,
                            round);
                }
            } else if (!ConditionFailures.meets(table, call, found)) {
                return refused(undecided, ConditionFailures.failure(table, call, found, Update.REMEDY));
            }
            return replace(found.orElseThrow(), round);
        }

        /** What keeps a repeated write from being sent says nothing about whether it was applied before. */
        private CompletableFuture<Outcome.Written> refused(boolean undecided, DynaStoreException reason) {
            return CompletableFuture.failedFuture(undecided ? unknown(null) : reason);
        }

        private OutcomeUnknownException unknown(@Nullable Throwable error) {
            return write.unknown(error == null ? SdkClientException.create(CountedUpdates.UNDECIDED) : error);
        }

        private CompletableFuture<Outcome.Written> replace(StoredItem seen, int round) {
            return again(
                    table.client()
                            .updateItem(update.replacement(call, item, seen, write.id()))
                            .thenApply(response ->
                                    update.result(ItemUpdate.expecting(call, seen), item, write.id(), response)),
                    seen.version() + 1,
                    round);
        }

        private CompletableFuture<Outcome.Written> again(
                CompletableFuture<Outcome.Written> sent, @Nullable Long produced, int round) {
            return sent.exceptionallyCompose(error -> write.conflictingItem(error)
                    .thenCompose(conflicting -> resolve(conflicting, Failures.cause(error), produced, round + 1)));
        }
    }
}
