/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The renewals of one lease: which one is due and when, whether one is in flight, which end was asked for, and what
 * failed.
 *
 * <p>Immutable and pure. Time is an argument, so that a test can turn it. {@link LeaseKeeper} owns the timer and the
 * sending.
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 *
 * @param request how the lock is held
 * @param due when the next renewal is due, by the ticker
 * @param inFlight whether a renewal is being sent, or waits for its response
 * @param requested whether a caller waits for a renewal that is not in flight yet
 * @param latestUntil the latest end that was asked for or seen in the table, in milliseconds since 1970
 * @param latestBuilt when the latest request was built, by the ticker
 * @param lastFailure why the last renewal was not confirmed; null if it was, or if only its condition failed
 */
record RenewalState(
        LockRequest request,
        long due,
        boolean inFlight,
        boolean requested,
        long latestUntil,
        long latestBuilt,
        @Nullable Throwable lastFailure) {

    /**
     * The state right after an acquire.
     *
     * @param until the end that the acquire wrote, in milliseconds since 1970
     */
    static RenewalState acquired(AcquireAttempt attempt, long until, RandomGenerator random) {
        return new RenewalState(
                attempt.request(),
                attempt.term().beat(random),
                false,
                false,
                until,
                attempt.built().nanos(),
                null);
    }

    /** The next heartbeat is due now, whether or not a caller waits for it. */
    RenewalState dueNow(long now) {
        return new RenewalState(request, now, inFlight, requested, latestUntil, latestBuilt, lastFailure);
    }

    /** A caller wants the lease to be renewed as soon as possible. */
    RenewalState requested(long now) {
        return new RenewalState(request, now, inFlight, true, latestUntil, latestBuilt, lastFailure);
    }

    /** Whether a renewal has to be sent now. */
    boolean due(long now) {
        return wanted() && now - due >= 0;
    }

    private boolean wanted() {
        return !inFlight && (request.heartbeat() || requested);
    }

    /** A renewal is about to be sent. No other one is due until its response arrives. */
    RenewalState sending() {
        return new RenewalState(request, due, true, requested, latestUntil, latestBuilt, lastFailure);
    }

    /** The renewal is built now. It asks for {@link #latestUntil}, and serves every caller that waited until now. */
    RenewalState built(ClockReading now) {
        long until =
                LeaseRules.until(now.wall(), request.ttl(), latestUntil, Duration.ofNanos(now.nanos() - latestBuilt));
        return new RenewalState(request, due, inFlight, false, until, now.nanos(), lastFailure);
    }

    /**
     * The store has confirmed the renewal.
     *
     * @param term the lease term that it confirmed
     */
    RenewalState confirmed(LeaseTerm term, long now, RandomGenerator random) {
        long next = requested ? now : term.beat(random);
        return new RenewalState(request, next, false, requested, latestUntil, latestBuilt, null);
    }

    /**
     * The renewal is neither confirmed nor refused for good. It is due again after a pause.
     *
     * @param why the SDK's error; null if there is none
     * @param seenUntil the end that the table shows, in milliseconds since 1970; 0 if it is unknown
     * @param unserved whether callers still wait for this renewal
     */
    RenewalState unconfirmed(@Nullable Throwable why, long seenUntil, boolean unserved, long now) {
        return new RenewalState(
                request,
                now + LeaseRules.pause(request.ttl()),
                false,
                requested || unserved,
                Math.max(latestUntil, seenUntil),
                latestBuilt,
                why);
    }

    /** Why the last renewal was not confirmed. A renewal in flight is not confirmed either. Null if it was. */
    @Nullable
    Throwable failure() {
        return lastFailure == null && inFlight
                ? new TimeoutException("The last renewal has no response yet.")
                : lastFailure;
    }

    /**
     * The time until the next event of the lease, in nanoseconds: the next renewal, the risk or the deadline. Never
     * negative.
     *
     * @param lease has the confirmed term, and knows whether the risk was reported already
     */
    long untilNext(LeaseStatus lease, long now) {
        long wait = lease.term().deadline() - now;
        if (lease.state() != LeaseState.AT_RISK) {
            wait = Math.min(wait, lease.term().risk() - now);
        }
        if (wanted()) {
            wait = Math.min(wait, due - now);
        }
        return Math.max(0, wait);
    }
}
