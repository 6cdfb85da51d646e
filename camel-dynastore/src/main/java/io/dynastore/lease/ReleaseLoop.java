/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Releases one lock. A failed request is sent again until the lease is over, or the locks are closed and nobody
 * waits any more. Then the lock expires by itself. Used by one thread at a time.
 */
final class ReleaseLoop {

    private static final Duration LEAST = Duration.ofMillis(500);

    private final LockContext context;
    private final AcquireAttempt attempt;
    private final LeaseTerm term;
    private final boolean inTime;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean repeated;

    private ReleaseLoop(LockContext context, AcquireAttempt attempt, LeaseTerm term) {
        this.context = context;
        this.attempt = attempt;
        this.term = term;
        this.inTime = !term.over(context.ticker().nanos());
    }

    /**
     * Starts the release.
     *
     * @return fails with {@link LockLostException}; completes on any thread
     */
    static CompletableFuture<Void> of(LockContext context, AcquireAttempt attempt, LeaseTerm term) {
        ReleaseLoop release = new ReleaseLoop(context, attempt, term);
        release.send();
        return release.done;
    }

    private void send() {
        Duration remaining = term.remaining(context.ticker().nanos());
        Duration limit = remaining.compareTo(LEAST) < 0 ? LEAST : remaining;
        var unused = context.client().release(attempt, limit).thenAccept(this::responded);
    }

    private void responded(WriteResult response) {
        if (response instanceof WriteResult.Failed failed) {
            repeated |= failed.applied();
            again(failed.cause());
        } else if (response instanceof WriteResult.Refused refused && !releasedBefore(refused)) {
            LockItem found = refused.found();
            done.completeExceptionally(lost(Reason.TAKEN, found == null ? null : found.owner(), null));
        } else {
            done.complete(null);
        }
    }

    private boolean releasedBefore(WriteResult.Refused refused) {
        return LeaseRules.releasedBefore(refused.found(), attempt.holder(), repeated || refused.repeated(), inTime);
    }

    private void again(Throwable cause) {
        if (over()) {
            done.completeExceptionally(lost(Reason.OUT_OF_REACH, null, cause));
        } else {
            context.timer()
                    .after(LeaseRules.pause(term.ttl()), () -> context.timer().send(() -> sendOrEnd(cause)));
        }
    }

    private void sendOrEnd(Throwable cause) {
        if (over()) {
            done.completeExceptionally(lost(Reason.OUT_OF_REACH, null, cause));
        } else {
            send();
        }
    }

    private boolean over() {
        return context.leases().givenUp() || term.over(context.ticker().nanos());
    }

    private LockLostException lost(Reason reason, @Nullable String owner, @Nullable Throwable cause) {
        return new LockLostException(context.client().tableName(), attempt.key(), reason, owner, cause);
    }
}
