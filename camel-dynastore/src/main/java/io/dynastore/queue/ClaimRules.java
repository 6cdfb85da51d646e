/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseTerm;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Why an item of a queue is in flight at one consumer at a time, and why none is lost. Pure: every decision is made
 * here or in {@link Ending}, or by the conditions in {@link ClaimExpressions}.
 *
 * <ol>
 *   <li><b>The item.</b> A claim is a lease on an ordinary item. Each change of it is one conditional write, and
 *       DynamoDB applies these writes one after the other. {@code holder} is a fresh id for each attempt to claim.
 *       Every later write of that claim demands {@code holder = :me}.
 *   <li><b>Claim.</b> The write demands the version that was read, and raises it. So of several claims of one version
 *       the first succeeds, and a late duplicate of a claim finds a higher version and fails. It also demands that the
 *       item is live, due, not dead, free, and has deliveries left. An item is free if it has no claim, or if {@code
 *       until < now - clockSkew}.
 *   <li><b>Deadline.</b> The holder counts the claim from the clock reading at which its request was <em>built</em>.
 *       From the same reading it wrote {@code until = wall clock + ttl}. It delivers nothing at or after the deadline
 *       on its monotonic clock. If another clock is ahead by no more than clockSkew, that deadline has passed when
 *       rule 2 lets another claim pass. This is the only place where clocks of different machines are compared.
 *   <li><b>Renew.</b> A renewal moves {@code until} only, and never back: {@code until <= :until}. It doesn't raise the
 *       version, so that a route can update its item as usual. A confirmed renewal moves the deadline, counted from
 *       the reading at which it was built. The time asked for grows at least as the monotonic clock does.
 *   <li><b>Count.</b> The claim itself counts the delivery. So the count is in the table before a route sees the item,
 *       and an item that kills its JVM each time uses its deliveries up. An item without deliveries left fails
 *       rule 2. The consumer that finds it free marks it dead, under a condition that no claimed item fulfils.
 *   <li><b>Delete.</b> A done item is deleted under the condition that the claim still holds and that the version is
 *       the one that was delivered, or that its exchange wrote last. Every ordinary write raises the version. So a
 *       change made meanwhile keeps the item: then only the claim and the count are removed, and it is claimable as
 *       it is now.
 *   <li><b>Fail.</b> A failed item is freed under the condition that the claim still holds, with the time from which it
 *       may be claimed. If it has had its deliveries or was rejected, it is marked dead, or moves to the dead partition
 *       by one transaction. The copy holds the version that the delete in that transaction demands.
 *   <li><b>Late duplicates.</b> A duplicate of any write of rules 4, 6 and 7 after its claim has ended finds another
 *       holder or none, and fails. No write but a claim sets a holder, and no claim's id is used twice.
 *   <li><b>Lost responses.</b> A claim that fails its condition and finds its own id was applied by an earlier attempt.
 *       A delete that finds nothing is done. A claim of unknown outcome counts as not claimed: it is given back by its
 *       id. If that fails too, it ends by rule 3.
 *   <li><b>Token.</b> A claim raises the item's fence by one, in the table. So tokens of an item grow, whatever clocks
 *       show, and a fenced write of an earlier claim fails as soon as a later claim exists. A missing fence begins at
 *       the time in milliseconds: an item that was deleted and created again gets higher tokens than before, unless
 *       it took a thousand fenced writes a second.
 *   <li><b>Dead.</b> A dead mark raises the version and the fence, and names the new version. So an exchange of a claim
 *       that has run out can't write the dead item by what it has seen or by its token. Any other write raises the
 *       version again, and so revives the item. The next claim then begins to count at one.
 *   <li><b>Index.</b> {@code from} is the earliest time at which rule 2 may let a claim pass. A claim and each renewal
 *       set it to {@code until + clockSkew + 1}, in the same write. The end of a claim sets it to the due time. With an
 *       index on it, a query finds the items that can be claimed, those of a dead holder included, and no others. The
 *       index decides nothing: a stale entry fails rule 2. An item that no claim and no producer has put into the
 *       index is found in the table. A dead item has no {@code from}, and so no entry.
 * </ol>
 *
 * <p>Rules 2 and 3 keep an item from being in flight twice. Rules 1, 6, 7, 8 and 10 hold for any clock: only the latest
 * claim deletes, fails or writes under its token. By rules 2 and 3 an item of a dead holder is claimable after ttl and
 * clockSkew, without anybody's help. By rules 6 and 7 an item leaves its place only when it is done or dead.
 *
 * <p>Not covered: an item was deleted and created again under its key, has reached the version that an earlier claim
 * demanded, and only then a late duplicate of that claim arrives. It delays the item by the ttl and counts a delivery.
 *
 * <p>Decision 19 in docs/decisions has the reasons.
 */
final class ClaimRules {

    private static final int PAUSES = 20;
    private static final long LONGEST_PAUSE = 1_000;

    private ClaimRules() {}

    /** The end of a lease whose request is built now, rounded up, in milliseconds since 1970: rule 3. */
    static long until(ClockReading now, Duration ttl) {
        return now.wall().plus(ttl).plusNanos(999_999).toEpochMilli();
    }

    /** A claim is over if it ended before this, in milliseconds since 1970: rule 2. */
    static long freeBefore(ClockReading now, Duration clockSkew) {
        return now.wall().minus(clockSkew).toEpochMilli();
    }

    /** From when an item can be claimed whose claim ends then, in milliseconds since 1970: rule 12. */
    static long claimableFrom(long until, Duration clockSkew) {
        return until + clockSkew.toMillis() + 1;
    }

    /** The pause before a write is sent again, in milliseconds: a twentieth of the lease, at most a second. */
    static long pause(Duration ttl) {
        return Math.min(ttl.toMillis() / PAUSES, LONGEST_PAUSE);
    }

    /** The result of an attempt to claim. */
    sealed interface Outcome {

        /** The item is claimed, and may be delivered before the deadline. */
        record Claimed(Claim claim) implements Outcome {}

        /** The item is or may be claimed, and must not be delivered: rules 3 and 9. */
        record GiveBack(Claim claim, @Nullable Throwable cause) implements Outcome {}

        /** The item has changed since it was read, and looks claimable as it is now. */
        record Changed(QueueItem found) implements Outcome {}

        /** The item has had its deliveries, and nobody holds it: rule 5. */
        record Spent(QueueItem found) implements Outcome {}

        /** Another consumer has it, or it can't be claimed now, or it is gone. */
        record Refused() implements Outcome {}
    }

    /**
     * Decides what a response to a claim means.
     *
     * @param now when the response arrived
     */
    static Outcome outcome(ClaimAttempt attempt, WriteResult result, ClaimSettings settings, ClockReading now) {
        if (result instanceof WriteResult.Applied applied) {
            return claimed(attempt.claim(applied.item()), now);
        }
        if (result instanceof WriteResult.Refused refused) {
            return refused(attempt, refused.found(), settings, now);
        }
        return result instanceof WriteResult.Failed failed && failed.applied()
                ? new Outcome.GiveBack(attempt.claim(attempt.read().attributes()), failed.cause())
                : new Outcome.Refused();
    }

    private static Outcome claimed(Claim claim, ClockReading now) {
        return claim.term().over(now.nanos()) ? new Outcome.GiveBack(claim, null) : new Outcome.Claimed(claim);
    }

    private static Outcome refused(
            ClaimAttempt attempt, @Nullable QueueItem found, ClaimSettings settings, ClockReading now) {
        if (found == null) {
            return new Outcome.Refused();
        }
        if (found.heldBy(attempt.id())) {
            return claimed(attempt.claim(found.attributes()), now);
        }
        if (spent(found, settings, now)) {
            return new Outcome.Spent(found);
        }
        boolean changed = found.versionNumber() != attempt.read().versionNumber();
        return changed && claimable(found, settings, now) ? new Outcome.Changed(found) : new Outcome.Refused();
    }

    /** Whether an item has had its deliveries, and nobody holds it: rule 5. */
    static boolean spent(QueueItem item, ClaimSettings settings, ClockReading now) {
        return !item.dead() && !item.revived() && free(item, settings, now) && item.count() >= settings.maxDeliveries();
    }

    /** Whether a claim of the item would pass as far as clocks here tell: rule 2. */
    static boolean claimable(QueueItem item, ClaimSettings settings, ClockReading now) {
        return item.versionCounts()
                && !item.lock()
                && !item.dead()
                && !expired(item, now)
                && free(item, settings, now)
                && item.from() <= now.wall().toEpochMilli()
                && (item.revived() || item.count() < settings.maxDeliveries());
    }

    private static boolean free(QueueItem item, ClaimSettings settings, ClockReading now) {
        return item.until() < freeBefore(now, settings.clockSkew());
    }

    private static boolean expired(QueueItem item, ClockReading now) {
        AttributeValue expires = item.expires();
        return expires != null
                && expires.n() != null
                && new BigDecimal(expires.n())
                                .compareTo(BigDecimal.valueOf(now.wall().getEpochSecond()))
                        < 0;
    }

    /**
     * How a claim is to end whose exchange has failed: rule 7.
     *
     * @param error the class of the exchange's error, for the reason
     * @param rejected whether the route has rejected the item
     * @param delay this failure's own delay; null: that of the settings
     */
    static Ending.Goal afterFailure(
            Claim claim,
            ClaimSettings settings,
            String error,
            boolean rejected,
            @Nullable Duration delay,
            RandomGenerator random) {
        if (rejected) {
            return new Ending.Goal.Dead("rejected by the route: " + error);
        }
        if (claim.deliveries() >= settings.maxDeliveries()) {
            return new Ending.Goal.Dead(claim.deliveries() + " deliveries failed, the last one by " + error);
        }
        return new Ending.Goal.Failed(delay == null ? settings.retry().after(claim.deliveries(), random) : delay);
    }

    /** The term of a claim by its latest confirmed request. */
    static LeaseTerm term(ClockReading built, Duration ttl) {
        return new LeaseTerm(built.nanos(), ttl);
    }
}
