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
 *   <li>No item has the key: it is written at version 1, with one request.
 *   <li>A live item has it: refused. So is a lock, live or expired.
 *   <li>An expired item has it: replaced as it was seen. If that fails, the item has changed or gone meanwhile, and the
 *       rules apply again from the first; whoever made it fail has got on, so that this ends.
 * </ol>
 */
final class Create implements StoreOperation<WriteCall, Outcome.Written> {

    /** More rounds than any contention explains: an engine that contradicts itself must not keep us for ever. */
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

    private CompletableFuture<Outcome.Written> create(EncodedItem item, IdempotentWrite attempt, int round) {
        return whole.create(item, attempt.id())
                .exceptionallyCompose(error -> obstructed(item, attempt, error, FIRST, round));
    }

    private CompletableFuture<Outcome.Written> obstructed(
            EncodedItem item, IdempotentWrite attempt, Throwable error, long produced, int round) {
        return attempt.obstacle(error)
                .thenCompose(obstacle -> around(item, attempt, obstacle, Failures.cause(error), produced, round));
    }

    private CompletableFuture<Outcome.Written> around(
            EncodedItem item,
            IdempotentWrite attempt,
            Optional<StoredItem> obstacle,
            Throwable error,
            long produced,
            int round) {
        OptionalLong applied = attempt.applied(obstacle);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, attempt, applied.getAsLong(), obstacle));
        }
        if (round == MOST_ROUNDS) {
            return CompletableFuture.failedFuture(attempt.repeated() ? attempt.unknown(error) : unsettled(table, item));
        }
        if (obstacle.isEmpty()) {
            return create(item, attempt, round + 1);
        }
        Long version = attempt.redelivered() ? null : (Long) produced;
        if (attempt.created(obstacle.get())) {
            boolean replaced = WriteHistory.replacer(obstacle.get().attributes()) != null;
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, attempt, replaced ? version : (Long) FIRST, obstacle));
        }
        if (!attempt.createdByAnother(obstacle.get()) && attempt.undecided(obstacle, version)) {
            return CompletableFuture.failedFuture(attempt.unknown(error));
        }
        Optional<DynaStoreException> closed = ConditionFailures.closed(table, item.key(), item.fence(), obstacle);
        if (closed.isPresent()) {
            return CompletableFuture.failedFuture(closed.get());
        }
        if (!obstacle.get().expired()) {
            return CompletableFuture.failedFuture(new KeyExistsException(table.name(), item.key()));
        }
        long next = obstacle.get().version() + 1;
        return whole.replace(obstacle.get(), item, attempt.id())
                .exceptionallyCompose(again -> obstructed(item, attempt, again, next, round + 1));
    }

    static DynaStoreException unsettled(TableContext table, EncodedItem item) {
        return new DynaStoreException("Table " + table.name() + ", key " + item.key()
                + ": the item changed between absent, expired and live " + MOST_ROUNDS
                + " times while it was to be written. Nothing was written: try again.");
    }
}
