/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Tries once to take a lock, without waiting for it: by one write. Another write follows only if the response shows
 * that the lock can be taken after all.
 */
final class LockTaker {

    /** Ends the attempt if an engine shows a lock as free and refuses it each time. */
    private static final int MOST_WRITES = 3;

    private final LockContext context;

    LockTaker(LockContext context) {
        this.context = context;
    }

    /** The result of one try. */
    sealed interface Result {

        /** The lock is taken. Its heartbeat has started. */
        record Taken(HeldLease lease) implements Result {}

        /**
         * Another holder has the lock.
         *
         * @param untilFree the time until it can be taken: see {@link LeaseRules#untilFree}
         */
        record Busy(AcquireAttempt attempt, @Nullable LockItem item, OptionalLong untilFree) implements Result {}

        /** The store gave no clear response. If the lock may have been taken, it is being released. */
        record OutOfReach(AcquireAttempt attempt, @Nullable Throwable cause) implements Result {}
    }

    /**
     * Tries once.
     *
     * @return fails with the SDK's error if a retry can't help, and with {@link InvalidInputException} if the item is
     *     not a lock
     */
    CompletableFuture<Result> once(AcquireAttempt attempt) {
        return once(attempt, 1);
    }

    private CompletableFuture<Result> once(AcquireAttempt open, int number) {
        ClockReading now = context.now();
        AcquireAttempt attempt = open.afresh(now);
        LeaseRules.Grounds grounds = LeaseRules.grounds(
                attempt.request(), now, trusted(attempt), context.observations().of(attempt.key()));
        return context.client().acquire(attempt, grounds).thenCompose(response -> responded(attempt, response, number));
    }

    private CompletableFuture<Result> responded(AcquireAttempt attempt, WriteResult response, int number) {
        if (response instanceof WriteResult.Applied applied && applied.item() != null) {
            return CompletableFuture.completedFuture(taken(attempt, applied.item()));
        }
        if (response instanceof WriteResult.Refused refused) {
            return refused(attempt, refused.found(), number);
        }
        Throwable cause = response instanceof WriteResult.Failed failed ? failed.cause() : null;
        boolean applied = !(response instanceof WriteResult.Failed failed) || failed.applied();
        if (applied) {
            release(attempt);
            return CompletableFuture.completedFuture(new Result.OutOfReach(attempt, cause));
        }
        return unseen(attempt, Objects.requireNonNull(cause));
    }

    /** The result of a failed read: the store is out of reach, unless a retry can't help. Then the future fails. */
    static CompletableFuture<Result> unseen(AcquireAttempt attempt, Throwable cause) {
        boolean lasting = cause instanceof DynaStoreException
                || (cause instanceof SdkServiceException refused
                        && refused.statusCode() < 500
                        && !refused.isThrottlingException()
                        // A transaction with a condition on the lock was faster.
                        && !(refused instanceof TransactionConflictException));
        return lasting
                ? CompletableFuture.failedFuture(cause)
                : CompletableFuture.completedFuture(new Result.OutOfReach(attempt, cause));
    }

    private CompletableFuture<Result> refused(AcquireAttempt attempt, @Nullable LockItem found, int number) {
        if (found != null && !found.lock()) {
            return CompletableFuture.failedFuture(noLock(attempt));
        }
        if (found != null && found.heldBy(attempt.holder())) {
            return CompletableFuture.completedFuture(taken(attempt, found));
        }
        OptionalLong wait = seen(attempt, found);
        boolean free = wait.isPresent() && wait.getAsLong() <= 0;
        return free && number < MOST_WRITES
                ? once(attempt, number + 1)
                : CompletableFuture.completedFuture(new Result.Busy(attempt, found, wait));
    }

    /** Records the lock in a response that has just arrived. Returns the time until it can be taken. */
    OptionalLong seen(AcquireAttempt attempt, @Nullable LockItem item) {
        ClockReading now = context.now();
        context.observations().record(attempt.key(), item, now.nanos());
        return LeaseRules.untilFree(
                attempt.request(),
                item,
                now,
                trusted(attempt),
                context.observations().of(attempt.key()));
    }

    private boolean trusted(AcquireAttempt attempt) {
        return context.client().clock().trusted(attempt.request().clockSkew());
    }

    /** If the response arrives when the lease is over, the lock is not taken. */
    private Result taken(AcquireAttempt attempt, LockItem item) {
        context.observations().forget(attempt.key());
        if (attempt.term().over(context.ticker().nanos())) {
            release(attempt);
            return new Result.OutOfReach(attempt, null);
        }
        HeldLease lease = new HeldLease(context, attempt, item);
        lease.begin();
        return new Result.Taken(lease);
    }

    private void release(AcquireAttempt attempt) {
        var unused = ReleaseLoop.of(context, attempt, attempt.term());
    }

    private InvalidInputException noLock(AcquireAttempt attempt) {
        return new InvalidInputException(
                "Table " + context.client().tableName() + ", key " + attempt.key()
                        + ": an ordinary item has this key, and stays as it is. Use a key of the lock's own.",
                null);
    }
}
