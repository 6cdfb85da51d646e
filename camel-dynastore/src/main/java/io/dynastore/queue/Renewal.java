/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseTerm;
import java.time.Duration;

/**
 * The renewals of one claim. Immutable and pure: rule 4 of {@link ClaimRules}.
 *
 * @param claim the claim
 * @param term the term that is confirmed
 * @param until the latest end that was asked for or found, in milliseconds since 1970
 * @param built when the latest request was built, by the ticker
 * @param lost whether another consumer has claimed the item, or it is gone
 */
record Renewal(Claim claim, LeaseTerm term, long until, long built, boolean lost) {

    /** The state right after the claim. */
    static Renewal of(Claim claim) {
        return new Renewal(claim, claim.term(), claim.until(), claim.term().built(), false);
    }

    /** The state with a request that is built now. It asks for {@link #until}. */
    Renewal built(ClockReading now, Duration ttl) {
        long since = Duration.ofNanos(now.nanos() - built).toMillis();
        return new Renewal(claim, term, Math.max(ClaimRules.until(now, ttl), until + since), now.nanos(), lost);
    }

    /** The state after the result of the latest request. If it failed, the next one is due after a pause. */
    Renewal after(WriteResult result) {
        if (result instanceof WriteResult.Applied) {
            return new Renewal(claim, new LeaseTerm(built, term.ttl()), until, built, false);
        }
        if (result instanceof WriteResult.Refused refused) {
            QueueItem found = refused.found();
            // If it is still mine: a late duplicate moved the end on, or the wall clock was set back.
            return found != null && found.heldBy(claim.id())
                    ? new Renewal(claim, term, Math.max(until, found.until()), built, false)
                    : new Renewal(claim, term, until, built, true);
        }
        return this;
    }

    /** Whether the result confirms the latest request. */
    static boolean confirms(WriteResult result) {
        return result instanceof WriteResult.Applied;
    }
}
