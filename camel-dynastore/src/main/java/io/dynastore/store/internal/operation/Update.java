/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.Optional;
import java.util.OptionalLong;
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

    static final String REMEDY = "Create it, or use put to have it created.";

    private final TableContext table;
    private final ConditionFailures refusals;
    private final ItemUpdate update;

    public Update(TableContext table, ConditionFailures refusals) {
        this.table = table;
        this.refusals = refusals;
        this.update = new ItemUpdate(table);
    }

    @Override
    public CompletableFuture<Outcome> execute(Call call) {
        EncodedItem item = EncodedItem.of(table, call);
        IdempotentWrite attempt = IdempotentWrite.of(table, refusals, call, item);
        return table.client()
                .updateItem(update.request(call, item, ConditionTemplate.of(call), attempt.id()))
                .thenApply(response -> update.result(call, item, attempt.id(), response))
                .exceptionallyCompose(error -> attempt.obstacle(error)
                        .thenCompose(
                                obstacle -> settle(call, item, attempt, obstacle, ConditionFailures.cause(error))));
    }

    private CompletableFuture<Outcome> settle(
            Call call, EncodedItem item, IdempotentWrite attempt, Optional<StoredItem> obstacle, Throwable error) {
        OptionalLong applied = attempt.applied(obstacle);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, attempt, applied.getAsLong(), obstacle));
        }
        Long produced = call.expectedVersion() == null ? null : (Long) (call.expectedVersion() + 1);
        return CompletableFuture.failedFuture(
                attempt.undecided(obstacle, produced)
                        ? attempt.unknown(error)
                        : ConditionFailures.refusal(table, call, obstacle, REMEDY));
    }
}
