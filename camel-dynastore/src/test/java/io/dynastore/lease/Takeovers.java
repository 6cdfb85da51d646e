/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The take-overs of one lock from holders that have not released it, from the stream of the table. And whether they
 * came in time, which {@link LockChecks.Rule#TAKEN_IN_TIME} explains. All times in milliseconds.
 */
final class Takeovers {

    private final Terms terms;
    private final StandbyLog standbyLog;
    private final List<Takeover> all = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private final Map<String, Integer> unjudged = new TreeMap<>();
    private long latest;

    /**
     * What they are compared with.
     *
     * @param request how the standby waits for the lock
     * @param slack for slow responses and a busy machine
     * @param built returns when a write of a lock was built, by the exact wall clock; empty if that is unknown
     */
    record Terms(LockRequest request, Duration slack, Function<LockItem, OptionalLong> built) {}

    /**
     * One take-over.
     *
     * @param before the lock as its last holder left it
     * @param after the lock as the next one acquired it
     */
    private record Takeover(LockItem before, LockItem after) {}

    private Takeovers(Terms terms, StandbyLog standbyLog) {
        this.terms = terms;
        this.standbyLog = standbyLog;
    }

    /** The take-overs of the lock with this name in these changes. */
    static Takeovers of(String lock, List<LockChange> changes, StandbyLog standbyLog, Terms terms) {
        Takeovers takeovers = new Takeovers(terms, standbyLog);
        takeovers.find(
                changes.stream().filter(change -> change.item().equals(lock)).toList());
        takeovers.all.forEach(takeovers::judge);
        return takeovers;
    }

    /** If a lock is removed while it is held, it keeps that holder until the next acquire. */
    private void find(List<LockChange> changes) {
        LockItem held = null;
        for (LockChange change : changes) {
            LockItem after = change.after();
            if (after == null) {
                continue;
            }
            if (held != null && change.acquired()) {
                all.add(new Takeover(held, after));
            }
            held = after.held() ? after : null;
        }
    }

    private void judge(Takeover one) {
        OptionalLong seen = standbyLog.first(one.after().version());
        OptionalLong built = terms.built().apply(one.after());
        StandbyLog.@Nullable Wait wait =
                seen.isEmpty() ? null : standbyLog.at(seen.getAsLong()).orElse(null);
        if (seen.isEmpty()) {
            skip("the standby had ended");
        } else if (built.isEmpty()) {
            skip("it is unknown when it was written");
        } else if (wait == null || built.getAsLong() < wait.from()) {
            skip("the standby did not wait then");
        } else {
            judge(one, seen.getAsLong() - due(one.before(), wait));
        }
    }

    private void judge(Takeover one, long lateness) {
        latest = Math.max(latest, lateness);
        if (lateness > most()) {
            late.add(lateness + " ms after it could be taken, and not within " + most() + " ms: " + one);
        }
    }

    private void skip(String why) {
        unjudged.merge(why, 1, Integer::sum);
    }

    /** The time between two looks, and the slack between a look and its response. */
    private long most() {
        return terms.request().pollInterval().plus(terms.slack()).toMillis();
    }

    /** When the standby could take the lock from this holder. */
    private long due(LockItem before, StandbyLog.Wait wait) {
        LockRequest request = terms.request();
        long shown = shown(before, wait);
        long lease = before.lease().toMillis();
        long byClock = before.until() + request.clockSkew().toMillis();
        long byWatching = shown + lease + lease / 1000;
        long free =
                switch (request.takeover()) {
                    case CLOCK -> byClock;
                    case OBSERVE -> byWatching;
                    case BOTH -> Math.min(byClock, byWatching);
                };
        return Math.max(free, Math.max(shown, wait.from()));
    }

    /** When a standby that looks in time has seen this state of the lock, or a later one. */
    private long shown(LockItem before, StandbyLog.Wait wait) {
        long seen = standbyLog.first(before.version()).orElse(wait.until());
        long unseen =
                Math.max(wait.from(), standbyLog.lastBefore(before.version()).orElse(wait.from()));
        return Math.min(seen, unseen + terms.request().pollInterval().toMillis());
    }

    /** The judged take-overs that broke the rule. */
    List<String> late() {
        return List.copyOf(late);
    }

    /** The number of take-overs. */
    int count() {
        return all.size();
    }

    /** The number of take-overs that were not judged, for each reason. */
    Map<String, Integer> unjudged() {
        return Map.copyOf(unjudged);
    }

    /** The times from the end of each lease to the request that took the lock, by the exact clock, sorted. */
    List<Long> excess() {
        List<Long> excess = new ArrayList<>();
        for (Takeover one : all) {
            OptionalLong before = terms.built().apply(one.before());
            OptionalLong after = terms.built().apply(one.after());
            if (before.isPresent() && after.isPresent()) {
                excess.add(after.getAsLong()
                        - before.getAsLong()
                        - one.before().lease().toMillis());
            }
        }
        return excess.stream().sorted().toList();
    }

    /**
     * A line for the report.
     *
     * @param known the acquires that their holders knew of
     */
    String summary(Set<String> known) {
        List<Long> excess = excess();
        long allowance = terms.request().clockSkew().toMillis();
        return String.format(
                Locale.ROOT,
                "%d take-overs of the wanted lock (%d from holders that never knew that they had it):"
                        + " from the end of the lease to the request that took it median %d ms, p90 %d ms,"
                        + " at most %d ms, %d of %d above the allowance of %d ms; %d judged,"
                        + " at most %d ms after the standby could have it, %d beyond %d ms; not judged %s;"
                        + " its slowest request took %d ms",
                count(),
                count(one -> !known.contains(String.valueOf(one.before().holder()))),
                share(excess, 0.5),
                share(excess, 0.9),
                share(excess, 1),
                excess.stream().filter(time -> time > allowance).count(),
                excess.size(),
                allowance,
                count() - unjudged.values().stream().mapToInt(Integer::intValue).sum(),
                latest,
                late.size(),
                most(),
                unjudged,
                standbyLog.slowest());
    }

    private long count(Predicate<Takeover> which) {
        return all.stream().filter(which).count();
    }

    /** 0 if there are none. */
    static long share(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }
}
