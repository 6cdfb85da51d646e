/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemPut;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Writes an item whose key no live item has.
 *
 * <ol>
 *   <li>If no item has the key, one request writes the item at version 1.
 *   <li>If a live item has it, the create fails. It also fails if a lock has it, live or expired.
 *   <li>If an expired item has it, that item is replaced as it was seen. If that fails, the item has changed or gone
 *       meanwhile, and the rules apply again from the first. Another writer has made progress then, so that this ends.
 * </ol>
 */
final class Create implements StoreOperation<WriteCall, Outcome.Written> {

    /** More rounds than any contention explains: an engine that contradicts itself must not cause an endless loop. */
    static final int MOST_ROUNDS = 10;

    private static final long FIRST = 1;

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemPut whole;

    Create(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.whole = new ItemPut(table);
    }

    @Override
    public CompletableFuture<Outcome.Written> execute(WriteCall call) {
        EncodedItem item = EncodedItem.of(table, call);
        return create(item, IdempotentWrite.of(table, failures, call, item), 1);
    }

    private CompletableFuture<Outcome.Written> create(EncodedItem item, IdempotentWrite write, int round) {
        return whole.create(item, write.id())
                .exceptionallyCompose(error -> conditionFailed(item, write, error, FIRST, round));
    }

    private CompletableFuture<Outcome.Written> conditionFailed(
            EncodedItem item, IdempotentWrite write, Throwable error, long produced, int round) {
        return write.conflictingItem(error)
                .thenCompose(conflicting -> resolve(item, write, conflicting, Failures.cause(error), produced, round));
    }

    private CompletableFuture<Outcome.Written> resolve(
            EncodedItem item,
            IdempotentWrite write,
            Optional<StoredItem> conflicting,
            Throwable error,
            long produced,
            int round) {
        OptionalLong applied = write.applied(conflicting);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, write, applied.getAsLong(), conflicting));
        }
        if (round == MOST_ROUNDS) {
            return CompletableFuture.failedFuture(write.repeated() ? write.unknown(error) : unsettled(table, item));
        }
        if (conflicting.isEmpty()) {
            return create(item, write, round + 1);
        }
        Long version = write.redelivered() ? null : (Long) produced;
        if (write.created(conflicting.get())) {
            boolean replaced = WriteHistory.replacer(conflicting.get().attributes()) != null;
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, write, replaced ? version : (Long) FIRST, conflicting));
        }
        if (!write.createdByAnother(conflicting.get()) && write.undecided(conflicting, version)) {
            return CompletableFuture.failedFuture(write.unknown(error));
        }
        Optional<DynaStoreException> closed =
                ConditionFailures.lockFailure(table, item.key(), item.fence(), conflicting);
        if (closed.isPresent()) {
            return CompletableFuture.failedFuture(closed.get());
        }
        if (!conflicting.get().expired()) {
            return CompletableFuture.failedFuture(new KeyExistsException(table.name(), item.key()));
        }
        long next = conflicting.get().version() + 1;
        return whole.replace(conflicting.get(), item, write.id())
                .exceptionallyCompose(again -> conditionFailed(item, write, again, next, round + 1));
    }

    static DynaStoreException unsettled(TableContext table, EncodedItem item) {
        return new DynaStoreException("Table " + table.name() + ", key " + item.key()
                + ": the item changed between absent, expired and live " + MOST_ROUNDS
                + " times while it was to be written. Nothing was written: try again.");
    }
}
