/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what holders believed, and what was applied to the table, with the guarantees of locks. */
final class LockChecks {

    /** What must hold. */
    enum Rule {
        /** Each acquire of a lock has a higher token than all before, over releases, crashes and removals. */
        TOKENS_RISE,
        /** A lock's version grows by one with each write. */
        VERSIONS_RISE,
        /** The end of a lease only moves forward. */
        END_NEVER_GOES_BACK,
        /** A holder ends by its own release, or by another acquire. */
        RELEASED_BY_ITS_HOLDER,
        /** No two holders believe to hold a lock at the same time. */
        ONE_HOLDER,
        /** If a holder believes to hold a lock, it was acquired with that token. */
        HOLDING_IS_APPLIED,
        /** If a loss is reported, the lock was taken or removed. */
        NO_FALSE_LOSS,
        /**
         * If a release is confirmed, it was applied, or another acquire has ended the lease. If a release was called in
         * time, and was sent until the lease was over, it can't be decided whether the next holder came after it or
         * instead of it: rule 6 of {@link LeaseRules}. Its caller had given the lock up before, which {@link
         * #ONE_HOLDER} checks.
         */
        RELEASE_IS_APPLIED,
        /** A protected item accepts no older token. */
        FENCE_NEVER_GOES_BACK,
        /**
         * If a holder has not released a lock, the lock is taken as soon as it can be, while a {@link Standby} waits
         * for it.
         *
         * <p>The standby's clock is exact, its network is good, and it looks at least once in a poll interval (p). Then
         * {@link LeaseRules} say:
         *
         * <ul>
         *   <li>By the clock, it may write after the end that the item shows, and the allowance. The holder's clock
         *       wrote that end. If that clock is ahead, the end is later than the true one by as much.
         *   <li>By observation, it may write after it has seen the same version for the lease and a thousandth. It sees
         *       a version at most p after that was applied. A request that was in flight for long, or was sent twice,
         *       makes a version too, and starts the observation again. The observation counts from the last heartbeat
         *       that was <em>applied</em>, not from the last one that was sent. So only the log of the standby shows
         *       when the lock can be taken.
         *   <li>With both, the earlier one decides. If the allowance is longer than p, that is mostly the observation.
         *   <li>The time never counts from before it began to wait, or from before it could see the lock like this. If
         *       it should have looked and did not, that counts as being late.
         * </ul>
         *
         * <p>After that time it looks within a tenth of p, and writes if the look shows a free lock. If another was
         * faster, it sees that at its next look, at most p later. So whichever worker takes the lock, the standby knows
         * it within p and the time of its own requests. That time is the slack.
         *
         * <p>Compared with the end of the lease for its holder, a take-over is later by at most: the allowance (or, by
         * observation, the time that the last heartbeat was in flight, and p), the greatest error of a clock, p, and
         * the slack.
         */
        TAKEN_IN_TIME
    }

    private final Map<Rule, List<String>> broken = new EnumMap<>(Rule.class);

    /** Which rules are broken, and how. */
    static Map<Rule, List<String>> check(List<LockChange> changes, List<Holding> holdings) {
        LockChecks checks = new LockChecks();
        checks.stream(changes);
        checks.holders(holdings);
        checks.stories(changes, holdings);
        return checks.broken;
    }

    /** The same, and whether the lock that a standby waits for was taken in time. */
    static Map<Rule, List<String>> check(List<LockChange> changes, List<Holding> holdings, Takeovers takeovers) {
        Map<Rule, List<String>> broken = check(changes, holdings);
        if (!takeovers.late().isEmpty()) {
            broken.put(Rule.TAKEN_IN_TIME, takeovers.late());
        }
        return broken;
    }

    private void stream(List<LockChange> changes) {
        Map<String, Long> tokens = new HashMap<>();
        Map<String, Long> fences = new HashMap<>();
        for (LockChange change : changes) {
            LockItem after = change.after();
            if (change.lock()) {
                versions(change);
                ends(change);
                if (change.acquired() && after != null) {
                    rising(Rule.TOKENS_RISE, tokens, change, after.fence(), 1);
                }
            } else if (after != null) {
                rising(Rule.FENCE_NEVER_GOES_BACK, fences, change, after.fence(), 0);
            }
        }
    }

    private void rising(Rule rule, Map<String, Long> highest, LockChange change, long value, long by) {
        Long before = highest.put(change.item(), value);
        expect(rule, before == null || value >= before + by, change.item() + ": " + value + " after " + before);
    }

    private void versions(LockChange change) {
        LockItem before = change.before();
        LockItem after = change.after();
        if (before != null && after != null) {
            expect(Rule.VERSIONS_RISE, after.version() == before.version() + 1, change.toString());
        }
    }

    private void ends(LockChange change) {
        LockItem before = change.before();
        LockItem after = change.after();
        if (before == null || before.holder() == null || after == null) {
            return;
        }
        if (after.heldBy(before.holder())) {
            expect(Rule.END_NEVER_GOES_BACK, after.until() >= before.until(), change.toString());
        } else if (!after.held()) {
            expect(Rule.RELEASED_BY_ITS_HOLDER, after.releasedBy(before.holder()), change.toString());
        }
    }

    private void holders(List<Holding> holdings) {
        Map<String, List<Holding>> byLock = new HashMap<>();
        holdings.forEach(one ->
                byLock.computeIfAbsent(one.lock(), first -> new ArrayList<>()).add(one));
        for (List<Holding> ofOne : byLock.values()) {
            ofOne.sort(Comparator.comparingLong(Holding::from));
            Holding last = null;
            for (Holding one : ofOne) {
                expect(Rule.ONE_HOLDER, !one.overlaps(last), last + " and " + one);
                last = later(last, one);
            }
        }
    }

    private static Holding later(@Nullable Holding one, Holding other) {
        return one == null || other.until() - one.until() > 0 ? other : one;
    }

    private void stories(List<LockChange> changes, List<Holding> holdings) {
        Map<String, Set<Long>> acquired = new HashMap<>();
        Set<String> released = new HashSet<>();
        Set<String> displaced = new HashSet<>();
        for (LockChange change : changes) {
            LockItem after = change.after();
            String before = change.holderBefore();
            if (change.acquired() && after != null) {
                // A late duplicate may acquire the lock again, without a holder. The first one is the holding, and the
                // token rises all the same.
                acquired.computeIfAbsent(String.valueOf(after.holder()), first -> new HashSet<>())
                        .add(after.fence());
            }
            if (before != null && (after == null || !after.heldBy(before))) {
                (after != null && after.releasedBy(before) && !after.held() ? released : displaced).add(before);
            }
        }
        for (Holding one : holdings) {
            Set<Long> tokens = acquired.getOrDefault(one.holder(), Set.of());
            expect(Rule.HOLDING_IS_APPLIED, tokens.contains(one.token()), one.toString());
            switch (one.end()) {
                case RELEASED ->
                    expect(
                            Rule.RELEASE_IS_APPLIED,
                            released.contains(one.holder()) || displaced.contains(one.holder()),
                            one.toString());
                case TAKEN -> expect(Rule.NO_FALSE_LOSS, displaced.contains(one.holder()), one.toString());
                case RAN_OUT, KILLED -> {}
            }
        }
    }

    private void expect(Rule rule, boolean holds, String otherwise) {
        if (!holds) {
            broken.computeIfAbsent(rule, first -> new ArrayList<>()).add(otherwise);
        }
    }
}
