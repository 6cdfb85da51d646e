/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Outcome;
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
public final class Put implements StoreOperation {

    private final TableContext table;
    private final ConditionFailures refusals;
    private final ItemUpdate update;
    private final ItemPut whole;
    private final StoreOperation versioned;

    public Put(TableContext table, ConditionFailures refusals) {
        this.table = table;
        this.refusals = refusals;
        this.update = new ItemUpdate(table);
        this.whole = new ItemPut(table);
        this.versioned = new Update(table, refusals);
    }

    @Override
    public CompletableFuture<Outcome> execute(Call call) {
        if (call.expectedVersion() != null) {
            return versioned.execute(call);
        }
        EncodedItem item = EncodedItem.of(table, call);
        return put(call, item, IdempotentWrite.of(table, refusals, call, item), 1);
    }

    private CompletableFuture<Outcome> put(Call call, EncodedItem item, IdempotentWrite attempt, int round) {
        return table.client()
                .updateItem(update.request(call, item, ConditionTemplate.LIVE_OR_ABSENT, attempt.id()))
                .thenApply(response -> update.result(call, item, attempt.id(), response))
                .exceptionallyCompose(error -> obstructed(call, item, attempt, error, round));
    }

    private CompletableFuture<Outcome> obstructed(
            Call call, EncodedItem item, IdempotentWrite attempt, Throwable error, int round) {
        return attempt.obstacle(error)
                .thenCompose(obstacle -> around(call, item, attempt, obstacle, ConditionFailures.cause(error), round));
    }

    private CompletableFuture<Outcome> around(
            Call call,
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
