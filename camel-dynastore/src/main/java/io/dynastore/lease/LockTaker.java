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

    private final LockContext parts;

    LockTaker(LockContext parts) {
        this.parts = parts;
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
        record Busy(AcquireAttempt claim, @Nullable LockItem item, OptionalLong untilFree) implements Result {}

        /** The store can't tell. What may have been taken is being given back. */
        record OutOfReach(AcquireAttempt claim, @Nullable Throwable cause) implements Result {}
    }

    /**
     * Tries.
     *
     * @return fails with the SDK's own error if the service refuses the request for good, and with {@link InvalidInputException} if
     *     the item is no lock
     */
    CompletableFuture<Result> once(AcquireAttempt claim) {
        return once(claim, 1);
    }

    private CompletableFuture<Result> once(AcquireAttempt open, int number) {
        ClockReading now = parts.now();
        AcquireAttempt claim = open.afresh(now);
        LeaseRules.Grounds grounds = LeaseRules.grounds(
                claim.request(), now, trusted(claim), parts.sightings().of(claim.key()));
        return parts.table().acquire(claim, grounds).thenCompose(response -> responded(claim, response, number));
    }

    private CompletableFuture<Result> responded(AcquireAttempt claim, WriteResult response, int number) {
        if (response instanceof WriteResult.Applied applied && applied.item() != null) {
            return CompletableFuture.completedFuture(taken(claim, applied.item()));
        }
        if (response instanceof WriteResult.Refused refused) {
            return refused(claim, refused.found(), number);
        }
        Throwable cause = response instanceof WriteResult.Failed failed ? failed.cause() : null;
        boolean applied = !(response instanceof WriteResult.Failed failed) || failed.applied();
        if (applied) {
            giveBack(claim);
            return CompletableFuture.completedFuture(new Result.OutOfReach(claim, cause));
        }
        return unseen(claim, Objects.requireNonNull(cause));
    }

    /** What a look that failed comes to: it shows nothing, unless the error is one that time can't cure. */
    static CompletableFuture<Result> unseen(AcquireAttempt claim, Throwable cause) {
        boolean lasting = cause instanceof DynaStoreException
                || (cause instanceof SdkServiceException refused
                        && refused.statusCode() < 500
                        && !refused.isThrottlingException()
                        // A transaction that demands the lock was faster.
                        && !(refused instanceof TransactionConflictException));
        return lasting
                ? CompletableFuture.failedFuture(cause)
                : CompletableFuture.completedFuture(new Result.OutOfReach(claim, cause));
    }

    private CompletableFuture<Result> refused(AcquireAttempt claim, @Nullable LockItem found, int number) {
        if (found != null && !found.lock()) {
            return CompletableFuture.failedFuture(noLock(claim));
        }
        if (found != null && found.heldBy(claim.holder())) {
            return CompletableFuture.completedFuture(taken(claim, found));
        }
        OptionalLong wait = seen(claim, found);
        boolean free = wait.isPresent() && wait.getAsLong() <= 0;
        return free && number < MOST_WRITES
                ? once(claim, number + 1)
                : CompletableFuture.completedFuture(new Result.Busy(claim, found, wait));
    }

    /** Remembers what a lock looks like in a response that has just arrived, and tells when it can be taken. */
    OptionalLong seen(AcquireAttempt claim, @Nullable LockItem item) {
        ClockReading now = parts.now();
        parts.sightings().note(claim.key(), item, now.nanos());
        return LeaseRules.untilFree(
                claim.request(), item, now, trusted(claim), parts.sightings().of(claim.key()));
    }

    private boolean trusted(AcquireAttempt claim) {
        return parts.table().clock().trusted(claim.request().clockSkew());
    }

    /** A response that comes when the lease is over brings nothing. */
    private Result taken(AcquireAttempt claim, LockItem item) {
        parts.sightings().forget(claim.key());
        if (claim.term().over(parts.ticker().nanos())) {
            giveBack(claim);
            return new Result.OutOfReach(claim, null);
        }
        HeldLease lease = new HeldLease(parts, claim, item);
        lease.begin();
        return new Result.Taken(lease);
    }

    private void giveBack(AcquireAttempt claim) {
        var unused = ReleaseLoop.of(parts, claim, claim.term());
    }

    private InvalidInputException noLock(AcquireAttempt claim) {
        return new InvalidInputException(
                "Table " + parts.table().name() + ", key " + claim.key()
                        + ": an ordinary item has this key, and stays as it is. Use a key of the lock's own.",
                null);
    }
}
