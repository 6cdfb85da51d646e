/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Why a lock has one holder at a time, and a token that only grows. Pure: everything that decides is decided here or by the
 * conditions in {@link LockExpressions}.
 *
 * <ol>
 *   <li><b>The item.</b> A lock is one item, and every change of it one conditional write, which DynamoDB applies one after the other.
 *       {@code version} grows by one at each of them. {@code holder} is a fresh id for each attempt to acquire; only a write
 *       that names it renews or releases.
 *   <li><b>May I take it: released.</b> A lock without holder is taken by one write; of several, the first.
 *   <li><b>May I take it: by the clock.</b> A holder that built its request at w on its wall clock wrote {@code until = w + lease} and
 *       counts its own deadline from that moment on its monotonic clock. A taker demands {@code until < now - clockSkew}. If the taker's
 *       clock is ahead of the holder's by no more than clockSkew, the holder's deadline has passed when the taker built its request. It is the one
 *       place where clocks of different machines are compared; see 8 for what happens if the assumption is wrong.
 *   <li><b>May I take it: by observation.</b> Whoever has seen the same version for the length of its lease, counted from the arrival of the response
 *       that showed it first, knows that the holder's deadline has passed: that counts from before the write that made this version.
 *       A renewal in between changes the version, and the taker demands {@code version = seen}. No wall clock takes part; the
 *       lengths of a second on two machines may differ by a thousandth.
 *   <li><b>When must I give up.</b> At {@link LeaseTerm#deadline}, counted on the monotonic clock from the moment at which the last confirmed
 *       request was <em>built</em>. A response that comes later than the deadline before it revives nothing.
 *   <li><b>Is it mine.</b> A refused acquire that finds its own holder id was applied by an earlier attempt of the same request: the
 *       deadline is that of the request, whose attempts are equal to the byte. A refused release that finds its own id in {@code released}
 *       was applied earlier. So was one that was sent more than once, the first time before the deadline, if the response came before it too:
 *       nobody else could have taken the lock in between. If the response came later, another may have taken it because no attempt was
 *       applied: nobody can tell, and it counts as released all the same, since the lock was given up in time and its lease is over. A refused renewal that finds its own holder id is a late duplicate, or came from a clock that was set back:
 *       it changes nothing, and is sent again with a later end. Any other refusal says that the lock is lost, and to whom.
 *   <li><b>Late duplicates.</b> An acquire that arrives again finds a holder, or its own id in {@code released}, and is refused. (Once
 *       others have taken and released the lock, it may pass: then nobody holds the lock until the lease of that request is over. The token
 *       grows all the same.) A renewal that arrives again can't move the end back, because of {@code until <= :until}; after a
 *       release it finds no holder. A release that arrives again finds another holder or none.
 *   <li><b>The token</b> is the version that the acquire produced. The version never goes back while the item exists, whatever
 *       clocks show: tokens grow even if 3 was wrong, and two holders overlapped. If the item is gone, versions begin at the time in
 *       milliseconds. An item is not written a thousand times a second for as long as it exists, so that no version before was higher, provided
 *       that it was gone for longer than clocks differ: {@code purgeAfter} is an hour at least, counted from the last write. After an hour
 *       no request of before is taken by the service either: its signature has run out.
 *   <li><b>Unknown.</b> An acquire without response is given back by its id, and counts as not acquired. A renewal without response is sent
 *       again until the deadline, and never past it.
 * </ol>
 */
final class LeaseRules {

    private static final long LONGEST_PAUSE = 1_000_000_000;

    private LeaseRules() {}

    /**
     * What a write may rely on to take a lock that has a holder.
     *
     * @param freeBefore it is free if its lease ended before this, in milliseconds since 1970; null: not to be judged by a clock
     * @param seen it is free if it still has this version; null: it was not watched for long enough
     */
    record Grounds(@Nullable Long freeBefore, @Nullable Long seen) {}

    /** On what grounds to take the lock now: rules 3 and 4. */
    static Grounds grounds(
            LockRequest request, ClockReading now, boolean clockTrusted, @Nullable Observation observation) {
        boolean elapsed = request.takeover().byObservation() && observation != null && observation.elapsed(now.nanos());
        return new Grounds(
                byClock(request, clockTrusted) ? (Long) freeBefore(request, now.wall()) : null,
                elapsed && observation != null ? (Long) observation.version() : null);
    }

    /**
     * How long until the lock can be taken as it is now, in nanoseconds: not positive if it looks free, empty if it is not to
     * be foreseen.
     */
    static OptionalLong untilFree(
            LockRequest request,
            @Nullable LockItem item,
            ClockReading now,
            boolean clockTrusted,
            @Nullable Observation observation) {
        if (item == null || !item.held()) {
            return OptionalLong.of(0);
        }
        OptionalLong wait = OptionalLong.empty();
        if (byClock(request, clockTrusted)) {
            wait = earlier(
                    wait,
                    Duration.ofMillis(item.until() + 1 - freeBefore(request, now.wall()))
                            .toNanos());
        }
        if (request.takeover().byObservation() && observation != null) {
            wait = earlier(wait, observation.elapsesAt() - now.nanos());
        }
        return wait;
    }

    /** The end of a lease whose request is built now, rounded up. */
    static long until(Instant now, Duration ttl) {
        return now.plus(ttl).plusNanos(999_999).toEpochMilli();
    }

    /**
     * The end that a renewal asks for: by the clock, but never less than before. A wall clock that was set back must not keep a
     * living holder from renewing.
     *
     * @param latest the latest end that was asked for
     * @param since how long ago that was, by the ticker
     */
    static long until(Instant now, Duration ttl, long latest, Duration since) {
        return Math.max(until(now, ttl), latest + since.toMillis());
    }

    /** How long to wait after a request of a held lock has failed, in nanoseconds: a twentieth of the lease, at most a second. */
    static long pause(Duration ttl) {
        return Math.min(ttl.dividedBy(20).toNanos(), LONGEST_PAUSE);
    }

    /** Below every version of an item that begins now: rule 8. */
    static long floor(Instant now) {
        return now.toEpochMilli();
    }

    /** Whether a refused release was in truth applied before: rule 6. */
    static boolean releasedBefore(@Nullable LockItem found, String holder, boolean repeated, boolean beforeDeadline) {
        return (found != null && found.releasedBy(holder)) || (repeated && beforeDeadline);
    }

    private static boolean byClock(LockRequest request, boolean clockTrusted) {
        return request.takeover().byClock() && clockTrusted;
    }

    private static long freeBefore(LockRequest request, Instant now) {
        return now.minus(request.clockSkew()).toEpochMilli();
    }

    private static OptionalLong earlier(OptionalLong one, long other) {
        return OptionalLong.of(one.isPresent() ? Math.min(one.getAsLong(), other) : other);
    }
}
