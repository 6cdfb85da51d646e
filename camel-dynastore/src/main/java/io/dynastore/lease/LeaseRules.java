/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Why a lock has one holder at a time, and why its tokens only grow. Pure: every decision is made here, or by the
 * conditions in {@link LockExpressions}.
 *
 * <ol>
 *   <li><b>The item.</b> A lock is one item. Every change of it is one conditional write, and DynamoDB applies these
 *       writes one after the other. Each of them adds one to {@code version}. {@code holder} is a fresh id for each
 *       attempt to acquire. Only a write that names this id renews or releases the lock.
 *   <li><b>Acquire a lock without holder.</b> If there is no holder, one write acquires the lock. Of several such
 *       writes, the first succeeds.
 *   <li><b>Take over by the clock.</b> If a holder built its request at time w of its wall clock, it wrote {@code until
 *       = w + lease}. It counts its own deadline from the same point in time, on its monotonic clock. A taker demands
 *       {@code until < now - clockSkew}. If the taker's clock is ahead of the holder's by no more than clockSkew, the
 *       holder's deadline had passed when the taker built its request. This is the only place where clocks of different
 *       machines are compared. Rule 8 says what happens if the assumption is wrong.
 *   <li><b>Take over by observation.</b> A taker observes a version from the arrival of the first response that showed
 *       it. If the version stays the same for the length of its lease, the holder's deadline has passed: the holder
 *       counts from before the write that made this version. A renewal in between changes the version, and the taker
 *       demands {@code version = seen}. No wall clock takes part. The length of a second on two machines may differ by
 *       a thousandth.
 *   <li><b>Give up.</b> The holder gives up at {@link LeaseTerm#deadline}. The monotonic clock counts it from the
 *       reading at which the last confirmed request was <em>built</em>. If a response arrives after the deadline of the
 *       term before it, the lease stays over.
 *   <li><b>Recognise an earlier attempt.</b> If an acquire fails its condition and finds its own holder id, an earlier
 *       attempt of the same request was applied. The deadline is that of the request, whose attempts are equal to the
 *       byte. If a release fails its condition and finds its own id in {@code released}, it was applied earlier. It was
 *       applied too if it was sent more than once, the first time before the deadline, and the response came before the
 *       deadline: nobody else could have taken the lock in between. If that response came later, another may have taken
 *       the lock because no attempt was applied. This can't be decided. The release counts as applied all the same,
 *       since the holder gave the lock up in time and the lease is over. If a renewal fails its condition and finds its
 *       own holder id, it is a late duplicate, or its clock was set back. It changes nothing, and is sent again with a
 *       later end. Any other failed condition means that the lock is lost, and shows its new holder.
 *   <li><b>Late duplicates.</b> A duplicate of an acquire finds a holder, or its own id in {@code released}, and fails
 *       its condition. It may pass only after others have acquired and released the lock. Then nobody holds the lock
 *       until the lease of that request is over, and the token grows all the same. A duplicate of a renewal can't move
 *       the end back, because of {@code until <= :until}. After a release it finds no holder. A duplicate of a release
 *       finds another holder or none.
 *   <li><b>The token</b> is the version that the acquire wrote. While the item exists, the version never goes back,
 *       whatever clocks show. So tokens grow even if the assumption of rule 3 was wrong and two holders overlapped. If
 *       the item is gone, versions begin at the time in milliseconds. An item can't take a thousand writes a second for
 *       as long as it exists, so no earlier version was higher, provided that the item was gone for longer than clocks
 *       differ. {@code purgeAfter} ensures that: it is at least an hour, counted from the last write. After an hour the
 *       service refuses older requests too, because their signature has expired.
 *   <li><b>Unknown outcome.</b> An acquire without response counts as not acquired, and is released by its id. A
 *       renewal without response is sent again until the deadline, and never after it.
 * </ol>
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 */
public final class LeaseRules {

    private static final Duration LEAST_AFTER_LEASE = Duration.ofHours(1);

    private static final long LONGEST_PAUSE = 1_000_000_000;

    private LeaseRules() {}

    /**
     * The conditions under which a write may take a lock that has a holder.
     *
     * @param freeBefore the lock is free if its lease ended before this, in milliseconds since 1970; null: no clock
     *     decides
     * @param seen the lock is free if it still has this version; null: it was not observed for long enough
     */
    record Grounds(@Nullable Long freeBefore, @Nullable Long seen) {}

    /** The conditions under which the lock may be taken now: rules 3 and 4. */
    static Grounds grounds(
            LockRequest request, ClockReading now, boolean clockTrusted, @Nullable Observation observation) {
        boolean elapsed = request.takeover().byObservation() && observation != null && observation.elapsed(now.nanos());
        return new Grounds(
                byClock(request, clockTrusted) ? (Long) freeBefore(request, now.wall()) : null,
                elapsed && observation != null ? (Long) observation.version() : null);
    }

    /**
     * The time until the lock can be taken if it is not written before, in nanoseconds. Zero or less if it looks free,
     * empty if it can't be predicted.
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

    /** The end of a lease whose request is built now, rounded up, in milliseconds since 1970. */
    public static long until(Instant now, Duration ttl) {
        return now.plus(ttl).plusNanos(999_999).toEpochMilli();
    }

    /**
     * The end that a renewal asks for: by the clock, but never less than before. So a holder can renew even if its wall
     * clock was set back.
     *
     * @param latest the latest end that was asked for
     * @param since the time since then, by the ticker
     */
    public static long until(Instant now, Duration ttl, long latest, Duration since) {
        return Math.max(until(now, ttl), latest + since.toMillis());
    }

    /** The pause after a failed request of a held lock, in nanoseconds: a twentieth of the lease, at most a second. */
    public static long pause(Duration ttl) {
        return Math.min(ttl.dividedBy(20).toNanos(), LONGEST_PAUSE);
    }

    /**
     * When the service may remove the item: rule 8. A held lock has to outlive its lease, whatever a wrong clock shows.
     *
     * @param latest now, by the host's clock or the service's, whichever is ahead
     * @param until the end of the lease, in milliseconds since 1970
     * @return in seconds since 1970
     */
    static long purge(Instant latest, Duration after, long until) {
        Instant afterLease = Instant.ofEpochMilli(until).plus(LEAST_AFTER_LEASE);
        Instant planned = latest.plus(after);
        return (planned.isBefore(afterLease) ? afterLease : planned).getEpochSecond() + 1;
    }

    /** Less than every version of an item that is created now: rule 8. */
    public static long floor(Instant now) {
        return now.toEpochMilli();
    }

    /** Whether a release that failed its condition was applied before: rule 6. */
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
