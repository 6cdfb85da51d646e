/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Judges what processes did with their messages, by their logs and by the deliveries. Pure. */
final class IdempotentChecks {

    private final Map<Rule, List<String>> broken = new EnumMap<>(Rule.class);
    private final Map<String, List<Delivery>> deliveries;
    private final Map<Long, Map<Step, Long>> steps = new HashMap<>();
    private final long lease;
    private int repeated;
    private int unconfirmed;

    /** What must hold. */
    enum Rule {
        /** A key is processed once, unless the process died before the end, or the processing failed. */
        ONCE,
        /** Each key is processed to its end. */
        NOT_LOST,
        /** A key is refused only if it is processed or in flight: at most a lease after its process died. */
        NOT_BLOCKED
    }

    /**
     * The rules that are broken, and by what.
     *
     * @param repeated how many messages were processed again, since a process died between its work and the confirm
     * @param unconfirmed how many messages were processed again, since no confirm got a response during the lease
     */
    record Result(Map<Rule, List<String>> broken, int repeated, int unconfirmed) {}

    private IdempotentChecks(List<Delivery> deliveries, List<WorkLog.Entry> entries, Duration lease) {
        this.deliveries = deliveries.stream().collect(Collectors.groupingBy(Delivery::key));
        this.lease = lease.toNanos();
        entries.forEach(entry -> steps.computeIfAbsent(entry.delivery(), first -> new EnumMap<>(Step.class))
                .put(entry.step(), entry.time()));
    }

    /**
     * Checks all rules.
     *
     * @param lease how long a key is in flight after its process died, with the difference of clocks
     */
    static Result check(List<Delivery> deliveries, List<WorkLog.Entry> entries, Duration lease) {
        IdempotentChecks checks = new IdempotentChecks(deliveries, entries, lease);
        checks.deliveries.forEach(checks::check);
        return new Result(checks.broken, checks.repeated, checks.unconfirmed);
    }

    private void check(String key, List<Delivery> all) {
        List<Delivery> attempts = all.stream()
                .filter(one -> has(one, Step.START))
                .sorted(Comparator.comparingLong(one -> at(one, Step.START)))
                .toList();
        for (int i = 1; i < attempts.size(); i++) {
            checkOnce(attempts.get(i - 1), attempts.get(i));
        }
        if (attempts.stream().noneMatch(one -> has(one, Step.DONE))) {
            report(Rule.NOT_LOST, key);
        }
        all.stream()
                .filter(one -> one.outcome() == Outcome.DUPLICATE)
                .filter(duplicate -> all.stream().noneMatch(other -> excuses(other, duplicate)))
                .forEach(duplicate -> report(Rule.NOT_BLOCKED, duplicate + " of " + all));
    }

    /** Between two attempts, the first has failed, or its process was killed before the end. */
    private void checkOnce(Delivery earlier, Delivery later) {
        long start = at(later, Step.START);
        boolean failed = has(earlier, Step.FAILED) && at(earlier, Step.FAILED) <= start;
        boolean died = earlier.outcome() == Outcome.DIED && earlier.doomed() <= start && !has(earlier, Step.END);
        if (!failed && !died && leaseRanOut(earlier, start)) {
            unconfirmed++;
        } else if (!failed && !died) {
            report(Rule.ONCE, earlier + " and " + later);
        } else if (has(earlier, Step.DONE)) {
            repeated++;
        }
    }

    /**
     * The repository did not say that the key was confirmed, and its lease is over. The lease began after the message
     * was sent. A renewal every third of it, which takes a third at most, leaves a third at the end of the work.
     */
    private boolean leaseRanOut(Delivery earlier, long start) {
        return earlier.outcome() == Outcome.UNCONFIRMED
                && has(earlier, Step.DONE)
                && start - earlier.sent() >= lease
                && start - at(earlier, Step.DONE) >= lease / 3;
    }

    /** Whether another delivery may have had the key when this one was refused. */
    private boolean excuses(Delivery other, Delivery duplicate) {
        if (other.outcome() == Outcome.DUPLICATE || other.sent() > duplicate.ended()) {
            return false;
        }
        return has(other, Step.DONE) || duplicate.sent() <= other.ended() + lease;
    }

    private boolean has(Delivery delivery, Step step) {
        return steps.getOrDefault(delivery.id(), Map.of()).containsKey(step);
    }

    private long at(Delivery delivery, Step step) {
        return Objects.requireNonNull(
                steps.getOrDefault(delivery.id(), Map.of()).get(step));
    }

    private void report(Rule rule, String what) {
        broken.computeIfAbsent(rule, first -> new ArrayList<>()).add(what);
    }
}
