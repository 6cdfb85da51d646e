/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes an item whose key no live item has.
 *
 * <ol>
 *   <li>No item has the key: it is written at version 1, with one request.
 *   <li>A live item has it: refused.
 *   <li>An expired item has it: replaced as it was seen. If that fails, the item has changed or gone meanwhile, and the
 *       rules apply again from the first; whoever made it fail has got on, so that this ends.
 * </ol>
 */
public final class Create implements StoreOperation {

    /** More rounds than any contention explains: an engine that contradicts itself must not keep us for ever. */
    static final int MOST_ROUNDS = 10;

    private final Table table;
    private final Refusals refusals;
    private final WholeItem whole;

    public Create(Table table, Refusals refusals) {
        this.table = table;
        this.refusals = refusals;
        this.whole = new WholeItem(table);
    }

    @Override
    public CompletableFuture<Outcome> execute(Call call) {
        return create(NewItem.of(table, call), 1);
    }

    private CompletableFuture<Outcome> create(NewItem item, int round) {
        return whole.create(item).exceptionallyCompose(error -> obstructed(item, error, round));
    }

    private CompletableFuture<Outcome> obstructed(NewItem item, Throwable error, int round) {
        return refusals.obstacle(table, item.key(), item.keyAttributes(), error)
                .thenCompose(obstacle -> around(item, obstacle, round));
    }

    private CompletableFuture<Outcome> around(NewItem item, Optional<StoredItem> obstacle, int round) {
        if (round == MOST_ROUNDS) {
            return CompletableFuture.failedFuture(unsettled(table, item));
        }
        if (obstacle.isEmpty()) {
            return create(item, round + 1);
        }
        if (!obstacle.get().expired()) {
            return CompletableFuture.failedFuture(new KeyExistsException(table.name(), item.key()));
        }
        return whole.replace(obstacle.get(), item).exceptionallyCompose(error -> obstructed(item, error, round + 1));
    }

    static DynaStoreException unsettled(Table table, NewItem item) {
        return new DynaStoreException("Table " + table.name() + ", key " + item.key()
                + ": the item changed between absent, expired and live " + MOST_ROUNDS
                + " times while it was to be written. Nothing was written: try again.");
    }
}
