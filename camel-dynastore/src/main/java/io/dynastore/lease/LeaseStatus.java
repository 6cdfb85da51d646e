/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of one lease as far as it is known. Immutable and pure: time is an argument.
 *
 * @param term the lease term that the store has confirmed
 * @param until the end of the lease in the table, in milliseconds since 1970
 * @param state the state that was recorded; a deadline may have passed since
 * @param loss why the lease ended; null if it has not, or if it was released
 */
record LeaseStatus(
        LeaseTerm term,
        long until,
        LeaseState state,
        @Nullable LockLostException loss) {

    static LeaseStatus acquired(LeaseTerm term, long until) {
        return new LeaseStatus(term, until, LeaseState.HELD, null);
    }

    /** The state at this time. A deadline that has passed ends the lease, whether or not that was recorded. */
    LeaseState at(long now) {
        return expired(now) ? LeaseState.EXPIRED : state;
    }

    Duration remaining(long now) {
        return state.ended() ? Duration.ZERO : term.remaining(now);
    }

    /** Whether the deadline has passed, and the end is not recorded yet. */
    boolean expired(long now) {
        return !state.ended() && term.over(now);
    }

    /** Whether the lease is at risk, and that is not recorded yet. */
    boolean becomesAtRisk(long now) {
        return state == LeaseState.HELD && term.atRisk(now);
    }

    LeaseStatus atRisk() {
        return new LeaseStatus(term, until, LeaseState.AT_RISK, loss);
    }

    LeaseStatus renewed(LeaseTerm next, long nextUntil) {
        return new LeaseStatus(next, nextUntil, LeaseState.HELD, loss);
    }

    LeaseStatus ended(LeaseState how, LockLostException why) {
        return new LeaseStatus(term, until, how, why);
    }

    /** A release was not confirmed. If the lease was lost before, the first loss stays. */
    LeaseStatus releaseFailed(Throwable error) {
        return loss == null && error instanceof LockLostException lost
                ? ended(lost.reason() == Reason.TAKEN ? LeaseState.LOST : LeaseState.EXPIRED, lost)
                : this;
    }

    /** Released by its holder. A lease that was lost before stays lost. */
    LeaseStatus released() {
        return loss == null ? new LeaseStatus(term, until, LeaseState.RELEASED, null) : this;
    }
}
