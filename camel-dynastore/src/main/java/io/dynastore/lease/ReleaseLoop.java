/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives one lock back: tried again while its lease lasts, then left to run out. Used by one thread at a time.
 */
final class ReleaseLoop {

    private static final Duration LEAST = Duration.ofMillis(500);

    private final LockContext parts;
    private final AcquireAttempt claim;
    private final LeaseTerm term;
    private final boolean inTime;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean repeated;

    private ReleaseLoop(LockContext parts, AcquireAttempt claim, LeaseTerm term) {
        this.parts = parts;
        this.claim = claim;
        this.term = term;
        this.inTime = !term.over(parts.ticker().nanos());
    }

    /**
     * Starts it.
     *
     * @return fails with {@link LockLostException}; completes on any thread
     */
    static CompletableFuture<Void> of(LockContext parts, AcquireAttempt claim, LeaseTerm term) {
        ReleaseLoop release = new ReleaseLoop(parts, claim, term);
        release.send();
        return release.done;
    }

    private void send() {
        Duration remaining = term.remaining(parts.ticker().nanos());
        Duration limit = remaining.compareTo(LEAST) < 0 ? LEAST : remaining;
        var unused = parts.table().release(claim, limit).thenAccept(this::responded);
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
        return LeaseRules.releasedBefore(refused.found(), claim.holder(), repeated || refused.repeated(), inTime);
    }

    private void again(Throwable cause) {
        if (term.over(parts.ticker().nanos())) {
            done.completeExceptionally(lost(Reason.OUT_OF_REACH, null, cause));
        } else {
            parts.timer()
                    .after(LeaseRules.pause(term.ttl()), () -> parts.timer().send(this::send));
        }
    }

    private LockLostException lost(Reason reason, @Nullable String owner, @Nullable Throwable cause) {
        return new LockLostException(parts.table().name(), claim.key(), reason, owner, cause);
    }
}
