/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;

/**
 * Replaces the payload of a live item.
 *
 * <ol>
 *   <li>The item must be live, and at the expected version if there is one; the service checks it with the write.
 *   <li>Extra fields that are given are set, or removed if null; all others stay, and so does the expiry unless given.
 *   <li>The version grows by one.
 * </ol>
 */
public final class Update implements StoreOperation {

    private static final String REMEDY = "Create it, or use put to have it created.";

    private final Table table;
    private final Refusals refusals;
    private final LiveUpdate update;

    public Update(Table table, Refusals refusals) {
        this.table = table;
        this.refusals = refusals;
        this.update = new LiveUpdate(table);
    }

    @Override
    public CompletableFuture<Outcome> execute(Call call) {
        NewItem item = NewItem.of(table, call);
        return table.client()
                .updateItem(update.request(call, item, ConditionShape.of(call.expectedVersion())))
                .thenApply(answer -> update.result(call, item, answer))
                .exceptionallyCompose(error -> refuse(call, item, error));
    }

    private CompletableFuture<Outcome> refuse(Call call, NewItem item, Throwable error) {
        return refusals.obstacle(table, item.key(), item.keyAttributes(), error)
                .thenCompose(obstacle -> CompletableFuture.failedFuture(
                        Refusals.refusal(table, item.key(), obstacle, call.expectedVersion(), REMEDY)));
    }
}
