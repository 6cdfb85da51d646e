/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.WorkLog.Entry;
import io.dynastore.camel.state.WorkLog.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges what processes did with groups, by their logs. Pure. */
final class AggregationChecks {

    private final Map<String, Map<Long, Attempt>> groups = new HashMap<>();
    private final Map<Rule, List<String>> broken = new EnumMap<>(Rule.class);
    private final LongUnaryOperator doomed;
    private int repeated;

    /** What must hold. */
    enum Rule {
        /** A group is processed once, unless the process died before the end, or the processing failed. */
        ONCE,
        /** Each group is processed to its end. */
        NOT_LOST,
        /** A group has each of its messages once. */
        ITS_MESSAGES
    }

    /**
     * The rules that are broken, and by what.
     *
     * @param repeated how many groups were processed again, since a process died between its work and the confirm
     */
    record Result(Map<Rule, List<String>> broken, int repeated) {}

    private static final class Attempt {
        final long number;
        final String messages;
        final Map<Step, Long> steps = new EnumMap<>(Step.class);

        Attempt(long number, String messages) {
            this.number = number;
            this.messages = messages;
        }

        @Nullable
        Long at(Step step) {
            return steps.get(step);
        }

        long start() {
            return steps.getOrDefault(Step.START, 0L);
        }

        @Override
        public String toString() {
            return number + " " + steps;
        }
    }

    private AggregationChecks(LongUnaryOperator doomed) {
        this.doomed = doomed;
    }

    /**
     * Checks all rules.
     *
     * @param doomed when the process of an attempt was killed, by the number of the attempt; the largest value if it
     *     was not
     */
    static Result check(List<String> expected, List<Entry> entries, LongUnaryOperator doomed) {
        AggregationChecks checks = new AggregationChecks(doomed);
        entries.forEach(checks::add);
        expected.forEach(checks::check);
        return new Result(checks.broken, checks.repeated);
    }

    private void add(Entry entry) {
        int end = entry.key().indexOf('=');
        groups.computeIfAbsent(entry.key().substring(0, end), first -> new HashMap<>())
                .computeIfAbsent(
                        entry.delivery(),
                        number -> new Attempt(number, entry.key().substring(end + 1)))
                .steps
                .put(entry.step(), entry.time());
    }

    private void check(String group) {
        List<Attempt> attempts = groups.getOrDefault(group, Map.of()).values().stream()
                .sorted(Comparator.comparingLong(Attempt::start))
                .toList();
        for (int i = 1; i < attempts.size(); i++) {
            checkOnce(group, attempts.get(i - 1), attempts.get(i));
        }
        if (attempts.stream().noneMatch(one -> one.at(Step.DONE) != null)) {
            report(Rule.NOT_LOST, group);
        }
        for (Attempt attempt : attempts) {
            List<String> messages = Stream.of(attempt.messages.split(",", -1))
                    .map(AggregationWorkerMain::message)
                    .toList();
            if (messages.size() != AggregationWorkerMain.SIZE
                    || messages.stream().distinct().count() != AggregationWorkerMain.SIZE) {
                report(Rule.ITS_MESSAGES, group + ": " + attempt.messages);
            }
        }
    }

    private void checkOnce(String group, Attempt earlier, Attempt later) {
        Long failed = earlier.at(Step.FAILED);
        boolean died = doomed.applyAsLong(earlier.number) <= later.start() && earlier.at(Step.END) == null;
        if ((failed == null || failed > later.start()) && !died) {
            report(Rule.ONCE, group + ": " + earlier + " and " + later);
        } else if (earlier.at(Step.DONE) != null) {
            repeated++;
        }
    }

    private void report(Rule rule, String what) {
        broken.computeIfAbsent(rule, first -> new ArrayList<>()).add(what);
    }
}
