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
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges what processes did with groups, by their logs, by the deliveries of messages, and by what the table has left.
 * Pure.
 *
 * <p>A group is written {@code key=message#delivery,message#delivery,...}: with each message that was added, and the
 * delivery that brought it. The strategy of the test leaves nothing out. If a process dies, nobody knows whether it has
 * added its messages. So these are delivered again, and may be in the group twice, by two deliveries.
 */
final class AggregationChecks {

    private final int size;
    private final LongUnaryOperator doomed;
    private final Map<String, Map<Long, Attempt>> groups = new HashMap<>();
    private final Map<Long, List<String>> placesOf = new HashMap<>();
    private final Map<Rule, List<String>> broken = new EnumMap<>(Rule.class);
    private int repeated;
    private int redelivered;

    /** What must hold. */
    enum Rule {
        /** A group is processed once, unless the process died before the end, or the processing failed. */
        ONCE,
        /** Each group is processed to its end, and nothing is left to recover. */
        NOT_LOST,
        /** All attempts to process a group are of the same completed group. */
        ONE_COMPLETION,
        /** A completed group has each of its messages. */
        ITS_MESSAGES,
        /**
         * A delivery that a process has reported as successful is in one group, once; one that has failed in none. One
         * whose process died is in one group at most.
         */
        IN_ONE_GROUP
    }

    /**
     * The rules that are broken, and by what.
     *
     * @param repeated how many groups were processed again, since a process died between its work and the confirm
     * @param redelivered how many messages are in their group by more than one delivery
     */
    record Result(Map<Rule, List<String>> broken, int repeated, int redelivered) {}

    /**
     * What the table has at the end.
     *
     * @param open the groups in progress, as they are written
     * @param completed the exchange ids of completed groups
     */
    record Left(List<String> open, List<String> completed) {}

    private static final class Attempt {
        final long number;
        final String content;
        final Map<Step, Long> steps = new EnumMap<>(Step.class);

        Attempt(long number, String content) {
            this.number = number;
            this.content = content;
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
            return number + " " + new TreeMap<>(steps);
        }
    }

    private AggregationChecks(int size, LongUnaryOperator doomed) {
        this.size = size;
        this.doomed = doomed;
    }

    /**
     * Checks all rules.
     *
     * @param size how many messages a group has: those from 0
     * @param expected the keys of all groups
     * @param doomed when the process of an attempt was killed, by the number of the attempt; the largest value if it
     *     was not
     */
    static Result check(
            int size,
            List<String> expected,
            List<Delivery> deliveries,
            List<Entry> entries,
            Left left,
            LongUnaryOperator doomed) {
        AggregationChecks checks = new AggregationChecks(size, doomed);
        entries.forEach(checks::add);
        expected.forEach(checks::check);
        left.open().forEach(group -> checks.place(key(group), "open " + key(group), content(group)));
        left.completed().forEach(id -> checks.report(Rule.NOT_LOST, "exchange " + id + " is left"));
        deliveries.forEach(checks::checkPlaces);
        return new Result(checks.broken, checks.repeated, checks.redelivered);
    }

    private static String key(String group) {
        return group.substring(0, group.indexOf('='));
    }

    private static List<String> content(String group) {
        return Stream.of(group.substring(group.indexOf('=') + 1).split(",", -1)).toList();
    }

    private static int message(String entry) {
        return Integer.parseInt(entry.substring(0, entry.indexOf('#')));
    }

    private void add(Entry entry) {
        groups.computeIfAbsent(key(entry.key()), first -> new HashMap<>())
                .computeIfAbsent(entry.delivery(), number -> new Attempt(number, entry.key()))
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
        List<String> contents =
                attempts.stream().map(attempt -> attempt.content).distinct().toList();
        if (contents.size() > 1) {
            report(Rule.ONE_COMPLETION, contents.toString());
        }
        for (String one : contents) {
            checkMessages(group, content(one));
            place(group, "completed " + one, content(one));
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

    private void checkMessages(String group, List<String> content) {
        long different = content.stream()
                .map(AggregationChecks::message)
                .filter(message -> message >= 0 && message < size)
                .distinct()
                .count();
        if (different != size) {
            report(Rule.ITS_MESSAGES, group + " has " + different + " of " + size + ": " + content);
        }
        redelivered += content.size() - (int) different;
    }

    /** Notes where each delivery is, by the message that it should have brought. */
    private void place(String group, String where, List<String> content) {
        for (String entry : content) {
            long delivery = Long.parseLong(entry.substring(entry.indexOf('#') + 1));
            placesOf.computeIfAbsent(delivery, first -> new ArrayList<>())
                    .add(group + "/" + message(entry) + " in " + where);
        }
    }

    private void checkPlaces(Delivery delivery) {
        List<String> places = placesOf.getOrDefault(delivery.id(), List.of());
        boolean right =
                switch (delivery.outcome()) {
                    case PROCESSED -> places.size() == 1;
                    case DIED -> places.size() <= 1;
                    default -> places.isEmpty();
                };
        if (!right || places.stream().anyMatch(place -> !place.startsWith(delivery.key() + " "))) {
            report(Rule.IN_ONE_GROUP, delivery + " is in " + places);
        }
    }

    private void report(Rule rule, String what) {
        broken.computeIfAbsent(rule, first -> new ArrayList<>()).add(what);
    }
}
