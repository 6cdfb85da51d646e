/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemPut;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Creates an item, or updates the live one.
 *
 * <ol>
 *   <li>With an expected version it is an update.
 *   <li>A live item is updated, an absent one created, by the same single request.
 *   <li>An expired item is replaced as it was seen, by a second request. If that fails, the item has changed or gone
 *       meanwhile, and the rules apply again.
 * </ol>
 */
final class Put implements StoreOperation<WriteCall, Outcome.Written> {

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemUpdate update;
    private final ItemPut whole;
    private final Update versioned;

    Put(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.update = new ItemUpdate(table);
        this.whole = new ItemPut(table);
        this.versioned = new Update(table, failures);
    }

    @Override
    public CompletableFuture<Outcome.Written> execute(WriteCall call) {
        if (call.expectedVersion() != null) {
            return versioned.execute(call);
        }
        EncodedItem item = EncodedItem.of(table, call);
        return put(call, item, IdempotentWrite.of(table, failures, call, item), 1);
    }

    private CompletableFuture<Outcome.Written> put(
            WriteCall call, EncodedItem item, IdempotentWrite attempt, int round) {
        return table.client()
                .updateItem(update.request(call, item, condition(call), call.returnVersion(), attempt.id()))
                .thenApply(response -> update.result(call, item, attempt.id(), response))
                .exceptionallyCompose(error -> obstructed(call, item, attempt, error, round));
    }

    /** The condition that the call asks for. */
    static ConditionTemplate condition(WriteCall call) {
        return call.expectedVersion() == null ? ConditionTemplate.LIVE_OR_ABSENT : ConditionTemplate.of(call);
    }

    private CompletableFuture<Outcome.Written> obstructed(
            WriteCall call, EncodedItem item, IdempotentWrite attempt, Throwable error, int round) {
        return attempt.obstacle(error)
                .thenCompose(obstacle -> around(call, item, attempt, obstacle, Failures.cause(error), round));
    }

    private CompletableFuture<Outcome.Written> around(
            WriteCall call,
            EncodedItem item,
            IdempotentWrite attempt,
            Optional<StoredItem> obstacle,
            Throwable error,
            int round) {
        OptionalLong applied = attempt.applied(obstacle);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, attempt, applied.getAsLong(), obstacle));
        }
        if (round == Create.MOST_ROUNDS) {
            return CompletableFuture.failedFuture(
                    attempt.repeated() ? attempt.unknown(error) : Create.unsettled(table, item));
        }
        Optional<DynaStoreException> closed = ConditionFailures.closed(table, item.key(), item.fence(), obstacle);
        if (closed.isEmpty() && (obstacle.isEmpty() || !obstacle.get().expired())) {
            return put(call, item, attempt, round + 1);
        }
        if (attempt.undecided(obstacle, null)) {
            return CompletableFuture.failedFuture(attempt.unknown(error));
        }
        if (closed.isPresent()) {
            return CompletableFuture.failedFuture(closed.get());
        }
        return whole.replace(obstacle.orElseThrow(), item, attempt.id())
                .exceptionallyCompose(again -> obstructed(call, item, attempt, again, round + 1));
    }
}
