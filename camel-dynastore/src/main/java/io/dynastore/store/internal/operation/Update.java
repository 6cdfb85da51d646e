/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.DocumentExpressions;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the payload of a live item.
 *
 * <ol>
 *   <li>The item must be live, and at the expected version if there is one; the service checks it with the write.
 *   <li>Extra fields that are given are set, or removed if null; all others stay, and so does the expiry unless given.
 *   <li>The version grows by one.
 *   <li>What is changed inside the item depends on its shape. If it has another one than supposed, the update is sent
 *       again for that shape: see {@link DocumentExpressions}.
 * </ol>
 */
final class Update implements StoreOperation<WriteCall, Outcome.Written> {

    static final String REMEDY = "Create it, or use put to have it created.";

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemUpdate update;
    private final CountedUpdates counted;

    Update(TableContext table, ConditionFailures failures, CountedUpdates counted) {
        this.table = table;
        this.failures = failures;
        this.update = new ItemUpdate(table);
        this.counted = counted;
    }

    @Override
    public CompletableFuture<Outcome.Written> execute(WriteCall call) {
        EncodedItem item = EncodedItem.of(table, call);
        return send(call, item, IdempotentWrite.of(table, failures, call, item), null, 1);
    }

    private CompletableFuture<Outcome.Written> send(
            WriteCall call, EncodedItem item, IdempotentWrite write, @Nullable StoredItem shape, int round) {
        return counted.send(
                        call,
                        item,
                        write,
                        update.request(call, item, ConditionTemplate.of(call), call.returnVersion(), shape, write.id()))
                .thenApply(response -> counted.written(call, update.result(call, item, write.id(), response)))
                .exceptionallyCompose(error -> write.conflictingItem(error)
                        .thenCompose(
                                conflicting -> settle(call, item, write, conflicting, Failures.cause(error), round)));
    }

    private CompletableFuture<Outcome.Written> settle(
            WriteCall call,
            EncodedItem item,
            IdempotentWrite write,
            Optional<StoredItem> conflicting,
            Throwable error,
            int round) {
        OptionalLong applied = write.applied(conflicting);
        if (applied.isPresent()) {
            return CompletableFuture.completedFuture(
                    ItemUpdate.recognised(item, write, applied.getAsLong(), conflicting));
        }
        Long produced = call.expectedVersion() == null ? null : (Long) (call.expectedVersion() + 1);
        if (write.undecided(conflicting, produced)) {
            return CompletableFuture.failedFuture(write.unknown(error));
        }
        if (item.changes() != null && ConditionFailures.meets(table, call, conflicting)) {
            return round == Create.MOST_ROUNDS
                    ? CompletableFuture.failedFuture(Create.unsettled(table, item))
                    : send(call, item, write, conflicting.orElseThrow(), round + 1);
        }
        return CompletableFuture.failedFuture(ConditionFailures.failure(table, call, conflicting, REMEDY));
    }
}
