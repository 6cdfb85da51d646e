/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.Backoff;
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
 *       apply again. If the call expects a version, that is a conflict. After a few such rounds, a pause and another
 *       read come first.
 *   <li>A put writes an absent item whole, or replaces an expired one, as a create does.
 * </ol>
 *
 * <p>Decision 22 in docs/decisions has the reasons.
 */
final class FlatReplacement {

    /** How many requests follow each other at once, before pauses let other writers go first. */
    private static final int MOST_AT_ONCE = 3;

    private final TableContext table;
    private final ConditionFailures failures;
    private final Backoff backoff;
    private final ItemUpdate update;
    private final ItemPut whole;

    FlatReplacement(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.backoff = new Backoff(table.random());
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
        return new Attempt(call, item, IdempotentWrite.of(table, failures, call, item)).read(null, null, 1);
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

        /** Reads the item, and acts upon it as {@link #resolve} does. */
        CompletableFuture<Outcome.Written> read(@Nullable Throwable error, @Nullable Long produced, int round) {
            return table.client()
                    .getItem(GetItemRequest.builder()
                            .tableName(table.name())
                            .key(item.keyAttributes())
                            .consistentRead(true)
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build())
                    .exceptionallyCompose(failed -> CompletableFuture.failedFuture(unread(Failures.cause(failed))))
                    .thenCompose(response -> {
                        Optional<StoredItem> found = response.hasItem()
                                ? Optional.of(new StoredItem(table, item.key(), response.item()))
                                : Optional.empty();
                        return resolve(found, error, produced, round)
                                .thenApply(written -> written.with(Capacity.of(response.consumedCapacity())));
                    });
        }

        /** Why the item could not be read. Nothing was applied, except by a write that this one may repeat. */
        private Throwable unread(Throwable cause) {
            return write.repeated() ? write.unknown(cause) : cause;
        }

        /**
         * What follows from an item.
         *
         * @param found the item that was read, or that a request was refused for
         * @param error the error of that request; null before the first
         * @param produced the version that it would have produced
         */
        private CompletableFuture<Outcome.Written> resolve(
                Optional<StoredItem> found, @Nullable Throwable error, @Nullable Long produced, int round) {
            OptionalLong applied = write.applied(found);
            if (applied.isPresent()) {
                return CompletableFuture.completedFuture(
                        ItemUpdate.recognised(item, write, applied.getAsLong(), found));
            }
            boolean undecided = write.undecided(
                    found, call.expectedVersion() == null ? produced : (Long) (call.expectedVersion() + 1));
            boolean adds = !call.increments().isEmpty() && found.isPresent();
            if (undecided && (error != null || adds)) {
                return CompletableFuture.failedFuture(unknown(error));
            }
            if (round > Create.MOST_ROUNDS) {
                return CompletableFuture.failedFuture(write.repeated() ? unknown(error) : overtaken());
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
            return sent.exceptionallyCompose(
                    error -> write.conflictingItem(error).thenCompose(conflicting -> {
                        Throwable cause = Failures.cause(error);
                        // What an item shows of an earlier request may be gone after a pause.
                        return round < MOST_AT_ONCE || write.repeated() || call.expectedVersion() != null
                                ? resolve(conflicting, cause, produced, round + 1)
                                : table.pause()
                                        .of(backoff.pause(round - MOST_AT_ONCE))
                                        .thenCompose(paused -> read(cause, produced, round + 1));
                    }));
        }

        private DynaStoreException overtaken() {
            return new DynaStoreException("Table " + table.name() + ", key " + item.key()
                    + ": other writers have changed the item " + Create.MOST_ROUNDS
                    + " times while all its attributes were to be replaced. Nothing was written: try again, or merge"
                    + " (payloadMode=flatMerge), which needs no unchanged item.");
        }
    }
}
