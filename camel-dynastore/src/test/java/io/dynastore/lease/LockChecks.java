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

/** Holds what holders believed, and what was applied to the table, against what locks promise. */
final class LockChecks {

    /** What must hold. */
    enum Rule {
        /** Each acquisition of a lock has a higher token than all before, over releases, crashes and removals. */
        TOKENS_RISE,
        /** A lock's version grows by one with each write. */
        VERSIONS_RISE,
        /** The end of a lease only moves on. */
        END_NEVER_GOES_BACK,
        /** A holder ends by its own release, or by another acquisition. */
        RELEASED_BY_ITS_HOLDER,
        /** No two believe to hold a lock at the same time. */
        ONE_HOLDER,
        /** What a holder believes to hold was acquired under that token. */
        HOLDING_IS_APPLIED,
        /** Who is told that a lock was taken or removed has lost it. */
        NO_FALSE_LOSS,
        /**
         * A release that is confirmed was applied; or another acquisition has ended the lease. A release that was called for in time, and
         * was sent until the lease was over, can't tell whether the one who has the lock then came after it or instead of it: rule 6 of
         * {@link LeaseRules}. Its caller had given the lock up before, which is for {@link #ONE_HOLDER} to say.
         */
        RELEASE_IS_APPLIED,
        /** What locks protect accepts no older token. */
        FENCE_NEVER_GOES_BACK,
        /**
         * A lock that its holder has not released is taken as soon as it can be, while a {@link Standby} waits for it.
         *
         * <p>What follows from {@link LeaseRules} for one whose clock is exact and whose network is good, that looks at least once in a
         * poll interval (p):
         *
         * <ul>
         *   <li>By the clock it may write once the end that the item shows, and the allowance, have passed. That end was
         *       written by the holder's clock: it is later than the true one by what that clock is ahead.
         *   <li>By watching it may write once it has seen the same version for the lease and a thousandth. It sees a version up to p
         *       after that was applied. A request that was under way for long, or was sent twice, makes a version too, and so
         *       begins the lease anew for who watches: from the last heartbeat that was <em>applied</em>, not from the last one that was
         *       sent. So nothing but what the standby saw tells when it can be.
         *   <li>With both, the earlier one: where the allowance is longer than p mostly the second.
         *   <li>Never before it began to wait, nor before it could see the lock so. A stretch in which it should have looked, and did not,
         *       counts as its being late.
         * </ul>
         *
         * <p>When it knows that moment it looks a tenth of p later at the latest, and writes when the look has come back free. If another
         * was faster, it sees that at its next look, p later at most. So whoever takes the lock, the standby knows it within p, and what
         * its own requests take: that is the slack.
         *
         * <p>In terms of the lease's end for its holder that is: the allowance (or, by watching, how long the last heartbeat was
         * under way, and p), the greatest error of a clock, p, and the slack.
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
                // A late duplicate may acquire once more, for nobody: the holding is the first, the token rises all the
                // same.
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
