/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Failures;
import io.dynastore.store.LockNotAcquiredException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Acquires one lock. */
final class SingleAcquireLoop extends AcquireLoop {

    private final AcquireAttempt attempt;

    /** Encodes the key, which may be invalid. */
    SingleAcquireLoop(LockContext context, AcquireAttempt attempt) {
        super(context, attempt.request());
        this.attempt = attempt.of(attempt.key(), context.client().schema().encode(attempt.key()));
    }

    @Override
    CompletableFuture<LockTaker.Result> look(boolean first) {
        if (first) {
            return taker.once(attempt);
        }
        return context.client()
                .look(attempt)
                .thenApply(item -> item.orElse(null))
                .thenCompose(this::seen)
                .exceptionallyCompose(error -> LockTaker.unseen(attempt, Failures.cause(error)));
    }

    private CompletableFuture<LockTaker.Result> seen(@Nullable LockItem item) {
        OptionalLong wait = taker.seen(attempt, item);
        return wait.isPresent() && wait.getAsLong() <= 0
                ? taker.once(attempt)
                : CompletableFuture.completedFuture(new LockTaker.Result.Busy(attempt, item, wait));
    }

    @Override
    LockNotAcquiredException notAcquired(LockTaker.Result last) {
        String table = context.client().tableName();
        if (last instanceof LockTaker.Result.Busy busy) {
            LockItem item = busy.item();
            return item == null || !item.held()
                    ? LockNotAcquiredException.held(table, attempt.key(), null, null)
                    : LockNotAcquiredException.held(table, attempt.key(), item.owner(), item.end());
        }
        return LockNotAcquiredException.outOfReach(
                table, attempt.key(), last instanceof LockTaker.Result.OutOfReach lost ? lost.cause() : null);
    }
}
