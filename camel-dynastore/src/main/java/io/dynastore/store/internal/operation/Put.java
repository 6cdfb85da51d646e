/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.ItemPut;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Creates an item, or updates the live one.
 *
 * <ol>
 *   <li>With an expected version, it is an update.
 *   <li>One request updates a live item, or creates an absent one.
 *   <li>If it has more fields than an update can name, it is sent as a create: an absent or expired item is written
 *       whole, a live one is refused.
 *   <li>An expired item is replaced as it was seen, by a second request. If that fails, the item has changed or gone
 *       meanwhile, and the rules apply again.
 * </ol>
 */
final class Put implements StoreOperation<WriteCall, Outcome.Written> {

    private final TableContext table;
    private final ConditionFailures failures;
    private final ItemUpdate update;
    private final CountedUpdates counted;
    private final ItemPut whole;
    private final Update versioned;
    private final Create creation;

    Put(TableContext table, ConditionFailures failures, CountedUpdates counted) {
        this.table = table;
        this.failures = failures;
        this.update = new ItemUpdate(table);
        this.counted = counted;
        this.whole = new ItemPut(table);
        this.versioned = new Update(table, failures, counted);
        this.creation = new Create(table, failures);
    }

    @Override
    public CompletableFuture<Outcome.Written> execute(WriteCall call) {
        if (call.expectedVersion() != null) {
            return versioned.execute(call);
        }
        EncodedItem item = EncodedItem.of(table, call);
        if (!ItemUpdate.fits(item, condition(call))) {
            return creation.execute(call)
                    .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                            Failures.cause(error) instanceof KeyExistsException
                                    ? ItemUpdate.tooMany(table, item)
                                    : error));
        }
        return put(call, item, IdempotentWrite.of(table, failures, call, item), null, 1);
    }

    private CompletableFuture<Outcome.Written> put(
            WriteCall call, EncodedItem item, IdempotentWrite write, @Nullable StoredItem shape, int round) {
        return counted.send(
                        call,
                        item,
                        write,
                        update.request(call, item, condition(call), call.returnVersion(), shape, write.id()))
                .thenApply(response -> counted.written(call, update.result(call, item, write.id(), response)))
                .exceptionallyCompose(error -> conditionFailed(call, item, write, error, round));
    }

    /** The condition that the call asks for. */
    static ConditionTemplate condition(WriteCall call) {
        return call.expectedVersion() == null ? ConditionTemplate.LIVE_OR_ABSENT : ConditionTemplate.of(call);
    }

    private CompletableFuture<Outcome.Written> conditionFailed(
            WriteCall call, EncodedItem item, IdempotentWrite write, Throwable error, int round) {
        return write.conflictingItem(error)
                .thenCompose(conflicting -> resolve(call, item, write, conflicting, Failures.cause(error), round));
    }

    private CompletableFuture<Outcome.Written> resolve(
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
        if (round == Create.MOST_ROUNDS) {
            return CompletableFuture.failedFuture(
                    write.repeated() ? write.unknown(error) : Create.unsettled(table, item));
        }
        Optional<DynaStoreException> closed = ConditionFailures.lockFailure(
                        table, item.key(), item.fence(), conflicting)
                .or(() -> ConditionFailures.versionFailure(table, item.key(), conflicting));
        boolean adds = !call.increments().isEmpty() && conflicting.isPresent();
        if (adds && write.undecided(conflicting, null)) {
            return CompletableFuture.failedFuture(write.unknown(error));
        }
        if (closed.isEmpty() && (conflicting.isEmpty() || !conflicting.get().expired())) {
            StoredItem shape = conflicting.orElseGet(() -> new StoredItem(table, item.key(), Map.of()));
            return put(call, item, write, shape, round + 1);
        }
        if (write.undecided(conflicting, null)) {
            return CompletableFuture.failedFuture(write.unknown(error));
        }
        if (closed.isPresent()) {
            return CompletableFuture.failedFuture(closed.get());
        }
        return whole.replace(conflicting.orElseThrow(), item, write.id())
                .exceptionallyCompose(again -> conditionFailed(call, item, write, again, round + 1));
    }
}
