/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one lease: wakes up when something is due, sends renewals one at a time, and ends the lease at its deadline.
 *
 * <p>One wake-up is set at any time, for whatever comes first: the next renewal, the moment of risk, the deadline. Waking up changes
 * the lease and hands a renewal over to be sent; it never waits. Thread safe.
 */
final class LeaseKeeper {

    private final LockContext parts;
    private final AcquireAttempt claim;
    private final HeldLease lease;

    private List<CompletableFuture<Instant>> waiting = new ArrayList<>();
    private LeaseTimer.@Nullable Wakeup wakeup;
    private @Nullable LockLostException stopped;
    private @Nullable Throwable failure;
    private boolean renewing;
    private long due;
    private long latestUntil;
    private long latestBuilt;

    LeaseKeeper(LockContext parts, AcquireAttempt claim, HeldLease lease, long until) {
        this.parts = parts;
        this.claim = claim;
        this.lease = lease;
        this.due = claim.term().beat(parts.random());
        this.latestUntil = until;
        this.latestBuilt = claim.built().nanos();
    }

    /** Begins to keep. A lease whose end was written by a clock that turned out to be wrong is renewed at once. */
    synchronized void begin() {
        if (!parts.table().clock().trusted(claim.request().clockSkew())) {
            due = parts.ticker().nanos();
        }
        set();
    }

    /** Renews as soon as possible. */
    CompletableFuture<Instant> renew() {
        CompletableFuture<Instant> renewed = new CompletableFuture<>();
        synchronized (this) {
            if (stopped == null) {
                waiting.add(renewed);
                due = parts.ticker().nanos();
            } else {
                renewed.completeExceptionally(stopped);
            }
        }
        wake();
        return renewed;
    }

    /** Ends all of it. Who waits for a renewal is told why. */
    void stop(LockLostException why) {
        List<CompletableFuture<Instant>> left;
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            stopped = why;
            left = waiting;
            waiting = List.of();
            if (wakeup != null) {
                wakeup.cancel();
            }
        }
        left.forEach(one -> one.completeExceptionally(why));
    }

    private void wake() {
        long now = parts.ticker().nanos();
        if (lease.ended(now, this::failure)) {
            return;
        }
        lease.look(now);
        synchronized (this) {
            if (wanted() && now - due >= 0) {
                renewing = true;
                parts.timer().send(this::send);
            }
            set();
        }
    }

    /** Why the last renewal was not confirmed; null if it was. One that is under way still was not. */
    synchronized @Nullable Throwable failure() {
        return failure == null && renewing ? new TimeoutException("The last renewal has no response yet.") : failure;
    }

    /** Whether a renewal is to be sent when it is due. */
    private boolean wanted() {
        return !renewing && (claim.request().heartbeat() || !waiting.isEmpty());
    }

    private void set() {
        if (wakeup != null) {
            wakeup.cancel();
        }
        if (stopped != null) {
            return;
        }
        LeaseTerm term = lease.term();
        long now = parts.ticker().nanos();
        long wait = term.deadline() - now;
        if (!lease.atRisk()) {
            wait = Math.min(wait, term.risk() - now);
        }
        if (wanted()) {
            wait = Math.min(wait, due - now);
        }
        wakeup = parts.timer().after(Math.max(0, wait), this::wake);
    }

    private void send() {
        ClockReading now = parts.now();
        List<CompletableFuture<Instant>> served;
        long until;
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            served = waiting;
            waiting = new ArrayList<>();
            until = LeaseRules.until(
                    now.wall(), claim.request().ttl(), latestUntil, Duration.ofNanos(now.nanos() - latestBuilt));
            latestUntil = until;
            latestBuilt = now.nanos();
        }
        var unused = parts.table()
                .renew(claim, now, until, lease.term().remaining(now.nanos()).plusMillis(1))
                .thenAccept(response -> responded(response, now, until, served));
    }

    private void responded(
            WriteResult response, ClockReading built, long until, List<CompletableFuture<Instant>> served) {
        if (response instanceof WriteResult.Applied) {
            confirmed(new LeaseTerm(built.nanos(), claim.request().ttl()), until, served);
        } else if (response instanceof WriteResult.Refused refused) {
            refused(refused.found(), served);
        } else if (response instanceof WriteResult.Failed failed) {
            again(failed.cause(), 0, served);
        }
        wake();
    }

    private void confirmed(LeaseTerm term, long until, List<CompletableFuture<Instant>> served) {
        if (!lease.confirmed(term, until)) {
            again(null, 0, served);
            return;
        }
        synchronized (this) {
            renewing = false;
            failure = null;
            due = waiting.isEmpty() ? term.beat(parts.random()) : parts.ticker().nanos();
        }
        served.forEach(one -> one.complete(Instant.ofEpochMilli(until)));
    }

    private void refused(@Nullable LockItem found, List<CompletableFuture<Instant>> served) {
        if (found != null && found.heldBy(claim.holder())) {
            again(null, found.until(), served);
        } else {
            again(null, 0, served);
            lease.taken(found == null ? null : found.owner());
        }
    }

    /** Neither confirmed nor lost: once more, after a pause. */
    private void again(@Nullable Throwable why, long seenUntil, List<CompletableFuture<Instant>> served) {
        LockLostException over;
        synchronized (this) {
            renewing = false;
            failure = why;
            latestUntil = Math.max(latestUntil, seenUntil);
            due = parts.ticker().nanos() + LeaseRules.pause(claim.request().ttl());
            over = stopped;
            if (over == null) {
                waiting.addAll(served);
            }
        }
        if (over != null) {
            served.forEach(one -> one.completeExceptionally(over));
        }
    }
}
