/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Failures;
import io.dynastore.store.LockNotAcquiredException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Acquires one lock. */
final class SingleAcquireLoop extends AcquireLoop {

    private final AcquireAttempt claim;

    /** Encodes the key, which may be refused. */
    SingleAcquireLoop(LockContext parts, AcquireAttempt claim) {
        super(parts, claim.request());
        this.claim = claim.of(claim.key(), parts.table().schema().encode(claim.key()));
    }

    @Override
    CompletableFuture<LockTaker.Result> look(boolean first) {
        if (first) {
            return taking.once(claim);
        }
        return parts.table()
                .look(claim)
                .thenApply(item -> item.orElse(null))
                .thenCompose(this::seen)
                .exceptionallyCompose(error -> LockTaker.unseen(claim, Failures.cause(error)));
    }

    private CompletableFuture<LockTaker.Result> seen(@Nullable LockItem item) {
        OptionalLong wait = taking.seen(claim, item);
        return wait.isPresent() && wait.getAsLong() <= 0
                ? taking.once(claim)
                : CompletableFuture.completedFuture(new LockTaker.Result.Busy(claim, item, wait));
    }

    @Override
    LockNotAcquiredException refusal(LockTaker.Result last) {
        String table = parts.table().name();
        if (last instanceof LockTaker.Result.Busy busy) {
            LockItem item = busy.item();
            return item == null || !item.held()
                    ? LockNotAcquiredException.held(table, claim.key(), null, null)
                    : LockNotAcquiredException.held(table, claim.key(), item.owner(), item.end());
        }
        return LockNotAcquiredException.outOfReach(
                table, claim.key(), last instanceof LockTaker.Result.OutOfReach lost ? lost.cause() : null);
    }
}
