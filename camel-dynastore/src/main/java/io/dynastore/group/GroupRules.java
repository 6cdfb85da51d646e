/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.lease.LeaseTerm;
import io.dynastore.lease.Observation;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Why a partition has one reader at a time, and why its position never goes back. Pure: every decision is made here, in
 * {@link Plan} and {@link Balance}, or by the conditions in {@link GroupExpressions}.
 *
 * <p>The lease of a partition is a lock: rules 1 to 9 of {@link LeaseRules} hold for it as they stand, but for its
 * purge. Its item is never purged, so its versions and tokens always grow. These rules are added:
 *
 * <ol>
 *   <li><b>One reader.</b> A member delivers an item of a partition only before the deadline of its lease, which it
 *       asks right before each delivery. By rules 3 to 5 of locks, no other member has taken the partition by then.
 *       What is in flight at the deadline may end after it.
 *   <li><b>Checkpoints.</b> One write renews the lease, moves the position and sets {@code seq} to the next number, if
 *       {@code holder} is this lease and {@code seq} is lower. A later owner has another holder, so an earlier owner
 *       moves nothing, however long it stood still. Within a lease, each write has a higher number than all before it,
 *       and the member sends it after the positions before it. So a late duplicate finds its own number or a higher
 *       one, and moves neither the position nor the end of the lease. No clock takes part. The condition of locks,
 *       {@code until <= :until}, would not do: two writes of one millisecond ask for the same end.
 *   <li><b>Recognise an earlier attempt.</b> If a checkpoint fails its condition and finds its own holder and its own
 *       number, an earlier attempt was applied. A member has one write of a lease in flight, so it finds no higher
 *       number, unless the lease has ended.
 *   <li><b>Position of the next owner.</b> The write that takes the partition returns the position. Only the new holder
 *       can move it from then on. So nothing between two owners is skipped.
 *   <li><b>Hand-over.</b> A member gives a partition up in this order: no further item is delivered; the exchange in
 *       flight ends; one write sets the position and frees the partition. So after it, no item comes again. If that
 *       write fails for good, the lease runs out, and the items behind the last checkpoint come again.
 *   <li><b>Kept free.</b> The freeing write may keep the partition for the member that has asked. Others leave it alone
 *       for {@link #kept}, by their clock or by observation of the free item for as long. If that member has died, or
 *       takes no partitions any more, others take it at their next look, if its version is still the same. This
 *       saves moves. No guarantee rests on it.
 *   <li><b>Freed for a member.</b> A member that leaves or is suspended tells others which partitions they should have.
 *       It does so after it has freed them. Who hears of it takes what is free. So a word that is wrong, late,
 *       doubled or lost costs a move or an interval, and nothing else.
 *   <li><b>Moved by an operator.</b> A position is set or deleted while nobody has the partition, or after the lease
 *       has run out by rule 3 of locks. That write removes the holder. So an owner that stood still loses its
 *       lease, and moves nothing any more. It demands the version that was read before, and raises it. So it takes no
 *       lease that is renewed meanwhile, and a late duplicate of it moves nothing.
 *   <li><b>Asking</b> changes neither the version nor the lease. A wrong ask is overwritten by a right one.
 *   <li><b>Nobody drops what nobody else can take.</b> A member that goes on frees a partition only for a living member
 *       that has asked, and only while it has more than its share: {@link Plan}.
 *   <li><b>Members</b> give signs of life. Whether one lives decides who should have what, and never who may write.
 * </ol>
 *
 * <p>Decision 20 in docs/decisions has the reasons.
 */
final class GroupRules {

    private static final int LEAST_TAKES = 100;

    /** The lease is at most a third older than the interval, so that a member that lives is seen to live. */
    static final int INTERVALS_PER_LEASE = 3;

    /** What an operator asks for a partition as: it is freed for nobody in particular. No member has this name. */
    static final String NOBODY = "";

    private GroupRules() {}

    /**
     * The conditions under which a write may take a partition that has an owner, or is kept for another member.
     *
     * @param freeBefore it is free if its lease ended before this, in milliseconds since 1970; null: no clock decides
     * @param seen it is free if it still has this version; null: it was not observed for long enough
     */
    record Grounds(@Nullable Long freeBefore, @Nullable Long seen) {

        /** It is taken only if it has no owner, and is kept for nobody else. */
        static final Grounds FREE = new Grounds(null, null);
    }

    /** The conditions now, as for locks. */
    static Grounds grounds(
            GroupSettings settings, ClockReading now, boolean clockTrusted, @Nullable Observation observation) {
        return new Grounds(
                clockTrusted ? (Long) freeBefore(settings, now) : null,
                observation != null && observation.elapsed(now.nanos()) ? (Long) observation.version() : null);
    }

    /** Whether a partition looks free for a member. */
    static boolean takeable(
            GroupSettings settings,
            LeaseItem item,
            ClockReading now,
            boolean clockTrusted,
            @Nullable Observation observation) {
        if (observation != null && observation.version() == item.version() && observation.elapsed(now.nanos())) {
            return true;
        }
        return item.holder() == null
                ? item.keptFor() == null
                        || item.keptFor().equals(settings.member())
                        || item.keptUntil() < now.wall().toEpochMilli()
                : clockTrusted && item.until() < freeBefore(settings, now);
    }

    /**
     * What a look has shown of a lease, from now on; null if the partition may be taken without.
     *
     * @param before the observation of the looks before
     * @param expected whether the member that a free partition is kept for still takes partitions
     */
    static @Nullable Observation observed(
            GroupSettings settings, LeaseItem item, @Nullable Observation before, boolean expected, ClockReading now) {
        if (item.holder() == null && item.keptFor() == null) {
            return null;
        }
        Duration length = length(settings, item, expected);
        return before != null
                        && before.version() == item.version()
                        && before.lease().equals(length)
                ? before
                : new Observation(item.version(), length, now.nanos());
    }

    /** How long a lease is left alone that does not change. */
    private static Duration length(GroupSettings settings, LeaseItem item, boolean expected) {
        if (item.holder() != null) {
            return Duration.ofMillis(item.lease());
        }
        return expected ? kept(settings) : Duration.ZERO;
    }

    /**
     * Whether a member lives: it has given a sign of life during one lease, by the clock or by observation.
     *
     * @param observation its sign of life as it was first seen
     */
    static boolean lives(
            GroupSettings settings,
            MemberItem member,
            ClockReading now,
            boolean clockTrusted,
            Observation observation) {
        return !observation.elapsed(now.nanos()) && !(clockTrusted && member.until() < freeBefore(settings, now));
    }

    /**
     * The ticker's value at which an idle lease is renewed: after a third of the lease, or up to a twelfth of the lease
     * later. So a lease costs no more than one write in each third of it, and leases that were taken together are not
     * renewed together for ever.
     *
     * <p>Seven twelfths of the lease are left then. An attempt of a request takes a quarter of the lease at most. So
     * two attempts may time out, and the third one has a twelfth of the lease left.
     */
    static long heartbeat(LeaseTerm term, RandomGenerator random) {
        long lease = term.ttl().toNanos();
        return term.built() + lease / 3 + (long) (random.nextDouble() * lease / 12);
    }

    /** How long a partition is kept free for the member that has asked. */
    static Duration kept(GroupSettings settings) {
        return settings.interval().multipliedBy(2);
    }

    /** How many partitions a member takes at once: in three looks it has its share. */
    static int mostTakes(int share) {
        return Math.max(LEAST_TAKES, share / INTERVALS_PER_LEASE + 1);
    }

    private static long freeBefore(GroupSettings settings, ClockReading now) {
        return now.wall().minus(settings.clockSkew()).toEpochMilli();
    }
}
