/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.QueuedItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What processes report of the items that they claim, and the checks of it. Thread safe. */
final class ClaimRuns {

    /** One run of an item. Times are by the monotonic clock, which all processes share. */
    private static final class Run {
        final int worker;
        final long token;
        final long delivery;
        final long begun;
        /** When its fenced write was sent that was applied; null if it was not. */
        @Nullable
        Long wrote;

        /** When its exchange was about to end; null if it did not. */
        @Nullable
        Long ended;

        boolean lost;

        Run(int worker, long token, long delivery, long begun) {
            this.worker = worker;
            this.token = token;
            this.delivery = delivery;
            this.begun = begun;
        }
    }

    /** How each report begins. All else that a process prints is its log. */
    private static final Set<String> REPORTS = Set.of("begins", "wrote", "lost", "fails");

    /** For so long a stop may still have an effect. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(15);

    private final Map<String, TreeMap<Long, Run>> items = new HashMap<>();
    private final Map<Integer, Long> killed = new HashMap<>();
    private final Map<Integer, List<Long>> paused = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private int pauses;

    synchronized void reported(int worker, String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 5 || !REPORTS.contains(words[0])) {
            return;
        }
        long token = Long.parseLong(words[2]);
        long nanos = Long.parseLong(words[4]);
        TreeMap<Long, Run> runs = items.computeIfAbsent(words[1], first -> new TreeMap<>());
        if (words[0].equals("begins")) {
            runs.put(token, new Run(worker, token, Long.parseLong(words[3]), nanos));
            return;
        }
        Run run = runs.get(token);
        if (run != null) {
            run.ended = nanos;
            run.wrote = words[0].equals("wrote") ? (Long) nanos : null;
            run.lost = words[0].equals("lost");
            if (run.wrote != null || (words[0].equals("fails") && run.delivery >= ClaimProcesses.DELIVERIES)) {
                done.add(words[1]);
            }
        }
    }

    synchronized void killed(int worker, long nanos) {
        killed.put(worker, nanos);
    }

    synchronized void paused(int worker, long nanos) {
        paused.computeIfAbsent(worker, first -> new ArrayList<>()).add(nanos);
        pauses++;
    }

    private boolean pausedAround(int worker, long nanos) {
        return paused.getOrDefault(worker, List.of()).stream().anyMatch(at -> Math.abs(nanos - at) < AFTERMATH);
    }

    /** How many items have been processed, or have failed for the last time. */
    synchronized int done() {
        return done.size();
    }

    synchronized List<String> check(int count, Map<String, QueuedItem> dead) {
        List<String> wrong = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            String name = ClaimProcesses.name(number);
            List<Run> runs =
                    new ArrayList<>(items.getOrDefault(name, new TreeMap<>()).values());
            QueuedItem corpse = dead.get(name);
            boolean written = runs.stream().anyMatch(run -> run.wrote != null);
            if (!written && corpse == null) {
                wrong.add(name + " is lost after " + runs.size() + " runs");
            }
            if (corpse != null) {
                dead(wrong, name, runs, corpse);
            }
            if (ClaimProcesses.poison(name) && corpse == null) {
                wrong.add(name + " can't be processed, and is not dead");
            }
            order(wrong, name, runs);
        }
        return wrong;
    }

    /** It has had its deliveries: each failed, or ended with its process, or lost its claim. */
    private static void dead(List<String> wrong, String name, List<Run> runs, QueuedItem corpse) {
        long most = runs.stream().mapToLong(run -> run.delivery).max().orElse(0);
        String reason = String.valueOf(corpse.reason());
        boolean unended = reason.contains("without an end");
        if (!reason.startsWith(ClaimProcesses.DELIVERIES + " deliveries")
                || (most < ClaimProcesses.DELIVERIES && !unended)) {
            wrong.add(name + " is dead after " + most + " deliveries: " + reason);
        }
        if (!ClaimProcesses.poison(name) && !unended) {
            wrong.add(name + " is dead although it can be processed: " + reason);
        }
    }

    /** Deliveries are counted, and no write is applied after a later claim. */
    private void order(List<String> wrong, String name, List<Run> runs) {
        for (int at = 1; at < runs.size(); at++) {
            Run before = runs.get(at - 1);
            Run run = runs.get(at);
            if (run.delivery <= before.delivery) {
                wrong.add(name + ": delivery " + run.delivery + " after " + before.delivery);
            }
            if (before.wrote != null && before.wrote - run.begun > 0) {
                wrong.add(name + ": written under token " + before.token + " after the claim " + run.token);
            }
            boolean disturbed = killed.containsKey(before.worker) || pausedAround(before.worker, before.begun);
            if (!disturbed && (before.ended == null || before.ended - run.begun > 0)) {
                wrong.add(name + ": in flight at " + before.worker + " and " + run.worker);
            }
        }
    }

    /**
     * The next run of an item whose process was killed.
     *
     * @param millis from the kill to its begin, in milliseconds
     * @param before how many runs of other items began while its own claim had run out for certain
     */
    record Takeover(long millis, long before) {}

    /**
     * In ascending order. Those by a process that was stopped at that time are left out, as are items whose claim was
     * lost long before the kill.
     */
    synchronized List<Takeover> takeovers() {
        long[] begins = items.values().stream()
                .flatMap(runs -> runs.values().stream())
                .mapToLong(run -> run.begun)
                .sorted()
                .toArray();
        List<Takeover> found = new ArrayList<>();
        for (TreeMap<Long, Run> runs : items.values()) {
            Run before = null;
            for (Run run : runs.values()) {
                Long died = before == null ? null : killed.get(before.worker);
                if (before != null
                        && died != null
                        && run.begun - died > 0
                        && (before.ended == null || before.wrote != null)
                        && !pausedAround(run.worker, run.begun)) {
                    long out = died + ClaimProcesses.LONGEST_CLAIM.toNanos();
                    long first = Arrays.stream(begins)
                            .filter(at -> at - out >= 0 && at - run.begun < 0)
                            .count();
                    found.add(new Takeover((run.begun - died) / 1_000_000, first));
                }
                before = run;
            }
        }
        found.sort(Comparator.comparingLong(Takeover::millis));
        return found;
    }

    synchronized String summary() {
        long runs = items.values().stream().mapToLong(Map::size).sum();
        long lost = items.values().stream()
                .flatMap(each -> each.values().stream())
                .filter(run -> run.lost)
                .count();
        long twice = items.values().stream()
                .filter(each ->
                        each.values().stream().filter(run -> run.wrote != null).count() > 1)
                .count();
        return "%d items, %d runs, %d kills, %d stops, %d fenced writes refused, %d items written again after a kill"
                .formatted(items.size(), runs, killed.size(), pauses, lost, twice);
    }
}
