/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one lease: sets the timer, sends renewals one at a time, and ends the lease at its deadline.
 *
 * <p>{@link RenewalState} decides what is due. One wake-up is set at any time, for the next event. A wake-up changes
 * the lease and hands a renewal to the sender; it never waits. Thread safe.
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 */
final class LeaseKeeper {

    private final LockContext context;
    private final AcquireAttempt attempt;
    private final HeldLease lease;

    private RenewalState state;
    private List<CompletableFuture<Instant>> waiting = new ArrayList<>();
    private LeaseTimer.@Nullable Wakeup wakeup;
    private @Nullable LockLostException stopped;

    LeaseKeeper(LockContext context, AcquireAttempt attempt, HeldLease lease, long until) {
        this.context = context;
        this.attempt = attempt;
        this.lease = lease;
        this.state = RenewalState.acquired(attempt, until, context.random());
    }

    /**
     * Starts. If the wall clock turned out to be wrong since the acquire, the end is wrong too, and is renewed at once.
     */
    synchronized void begin() {
        if (!context.client().clock().trusted(attempt.request().clockSkew())) {
            state = state.dueNow(context.ticker().nanos());
        }
        setWakeup();
    }

    /** Renews as soon as possible. */
    CompletableFuture<Instant> renew() {
        CompletableFuture<Instant> renewed = new CompletableFuture<>();
        synchronized (this) {
            if (stopped == null) {
                waiting.add(renewed);
                state = state.requested(context.ticker().nanos());
            } else {
                renewed.completeExceptionally(stopped);
            }
        }
        wake();
        return renewed;
    }

    /** Stops. Callers that wait for a renewal get this error. */
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

    /** Why the last renewal was not confirmed; null if it was. */
    synchronized @Nullable Throwable failure() {
        return state.failure();
    }

    private void wake() {
        long now = context.ticker().nanos();
        if (lease.endIfExpired(now)) {
            return;
        }
        lease.reportRisk(now);
        synchronized (this) {
            if (state.due(now)) {
                state = state.sending();
                context.timer().send(this::send);
            }
            setWakeup();
        }
    }

    private void setWakeup() {
        if (wakeup != null) {
            wakeup.cancel();
        }
        if (stopped == null) {
            long wait = state.untilNext(lease.status(), context.ticker().nanos());
            wakeup = context.timer().after(wait, this::wake);
        }
    }

    private void send() {
        ClockReading now = context.now();
        List<CompletableFuture<Instant>> served;
        long until;
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            served = waiting;
            waiting = new ArrayList<>();
            state = state.built(now);
            until = state.latestUntil();
        }
        var unused = context.client()
                .renew(attempt, until, lease.term().remaining(now.nanos()).plusMillis(1))
                .thenAccept(response -> responded(response, now, until, served));
    }

    private void responded(
            WriteResult response, ClockReading built, long until, List<CompletableFuture<Instant>> served) {
        if (response instanceof WriteResult.Applied) {
            confirmed(new LeaseTerm(built.nanos(), attempt.request().ttl()), until, served);
        } else if (response instanceof WriteResult.Refused refused) {
            refused(refused.found(), served);
        } else if (response instanceof WriteResult.Failed failed) {
            unconfirmed(failed.cause(), 0, served);
        }
        wake();
    }

    private void confirmed(LeaseTerm term, long until, List<CompletableFuture<Instant>> served) {
        if (!lease.confirmed(term, until)) {
            unconfirmed(null, 0, served);
            return;
        }
        synchronized (this) {
            state = state.confirmed(term, context.ticker().nanos(), context.random());
        }
        served.forEach(one -> one.complete(Instant.ofEpochMilli(until)));
    }

    private void refused(@Nullable LockItem found, List<CompletableFuture<Instant>> served) {
        if (found != null && found.heldBy(attempt.holder())) {
            unconfirmed(null, found.until(), served);
        } else {
            unconfirmed(null, 0, served);
            lease.taken(found == null ? null : found.owner());
        }
    }

    /** The callers that it was to serve wait for the next renewal, unless the lease has ended. */
    private void unconfirmed(@Nullable Throwable why, long seenUntil, List<CompletableFuture<Instant>> served) {
        LockLostException over;
        synchronized (this) {
            over = stopped;
            if (over == null) {
                waiting.addAll(served);
            }
            state = state.unconfirmed(
                    why, seenUntil, !waiting.isEmpty(), context.ticker().nanos());
        }
        if (over != null) {
            served.forEach(one -> one.completeExceptionally(over));
        }
    }
}
