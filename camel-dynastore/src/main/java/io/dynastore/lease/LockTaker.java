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
 * Tries once to take a lock, without waiting for it: one write, and another one only if the response to the first shows that the
 * lock can be taken after all.
 */
final class LockTaker {

    /** An engine that refuses what it says is free must not keep us for ever. */
    private static final int MOST_WRITES = 3;

    private final LockContext context;

    LockTaker(LockContext context) {
        this.context = context;
    }

    /** What came of it. */
    sealed interface Result {

        /** Taken: the lease has begun. */
        record Taken(HeldLease lease) implements Result {}

        /**
         * Somebody has it.
         *
         * @param untilFree when it can be taken as it stands: see {@link LeaseRules#untilFree}
         */
        record Busy(AcquireAttempt attempt, @Nullable LockItem item, OptionalLong untilFree) implements Result {}

        /** The store can't tell. What may have been taken is being given back. */
        record OutOfReach(AcquireAttempt attempt, @Nullable Throwable cause) implements Result {}
    }

    /**
     * Tries.
     *
     * @return fails with the SDK's own error if the service refuses the request for good, and with {@link InvalidInputException} if
     *     the item is no lock
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
            giveBack(attempt);
            return CompletableFuture.completedFuture(new Result.OutOfReach(attempt, cause));
        }
        return unseen(attempt, Objects.requireNonNull(cause));
    }

    /** What a look that failed comes to: it shows nothing, unless the error is one that time can't cure. */
    static CompletableFuture<Result> unseen(AcquireAttempt attempt, Throwable cause) {
        boolean lasting = cause instanceof DynaStoreException
                || (cause instanceof SdkServiceException refused
                        && refused.statusCode() < 500
                        && !refused.isThrottlingException()
                        // A transaction that demands the lock was faster.
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

    /** Remembers what a lock looks like in a response that has just arrived, and tells when it can be taken. */
    OptionalLong seen(AcquireAttempt attempt, @Nullable LockItem item) {
        ClockReading now = context.now();
        context.observations().note(attempt.key(), item, now.nanos());
        return LeaseRules.untilFree(
                attempt.request(), item, now, trusted(attempt), context.observations().of(attempt.key()));
    }

    private boolean trusted(AcquireAttempt attempt) {
        return context.client().clock().trusted(attempt.request().clockSkew());
    }

    /** A response that comes when the lease is over brings nothing. */
    private Result taken(AcquireAttempt attempt, LockItem item) {
        context.observations().forget(attempt.key());
        if (attempt.term().over(context.ticker().nanos())) {
            giveBack(attempt);
            return new Result.OutOfReach(attempt, null);
        }
        HeldLease lease = new HeldLease(context, attempt, item);
        lease.begin();
        return new Result.Taken(lease);
    }

    private void giveBack(AcquireAttempt attempt) {
        var unused = ReleaseLoop.of(context, attempt, attempt.term());
    }

    private InvalidInputException noLock(AcquireAttempt attempt) {
        return new InvalidInputException(
                "Table " + context.client().tableName() + ", key " + attempt.key()
                        + ": an ordinary item has this key, and stays as it is. Use a key of the lock's own.",
                null);
    }
}
