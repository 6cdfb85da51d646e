/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
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
final class Update implements StoreOperation<WriteCall, Outcome.Written> {

    static final String REMEDY = "Create it, or use put to have it created.";

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemUpdate update;

    Update(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.update = new ItemUpdate(table);
    }

    @Override
    public CompletableFuture<Outcome.Written> execute(WriteCall call) {
        EncodedItem item = EncodedItem.of(table, call);
        IdempotentWrite write = IdempotentWrite.of(table, failures, call, item);
        return table.client()
                .updateItem(update.request(call, item, ConditionTemplate.of(call), call.returnVersion(), write.id()))
                .thenApply(response -> update.result(call, item, write.id(), response))
                .exceptionallyCompose(error -> write.conflictingItem(error)
                        .thenCompose(conflicting -> settle(call, item, write, conflicting, Failures.cause(error))));
    }

    private CompletableFuture<Outcome.Written> settle(
            WriteCall call,
            EncodedItem item,
            IdempotentWrite write,
            Optional<StoredItem> conflicting,
            Throwable error) {
        OptionalLong applied = write.applied(conflicting);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, write, applied.getAsLong(), conflicting));
        }
        Long produced = call.expectedVersion() == null ? null : (Long) (call.expectedVersion() + 1);
        return CompletableFuture.failedFuture(
                write.undecided(conflicting, produced)
                        ? write.unknown(error)
                        : ConditionFailures.failure(table, call, conflicting, REMEDY));
    }
}
