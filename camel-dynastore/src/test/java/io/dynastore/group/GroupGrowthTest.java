/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A large group with a turned clock: members that look at different times, each at one of the latest pictures, and
 * follow their plans. The time advances in steps of a tenth of the interval at which members look.
 */
class GroupGrowthTest {

    private static final int PARTITIONS = 10_000;
    private static final int MEMBERS = 200;
    private static final int STEPS = 10;
    private static final int INTERVAL_SECONDS = 5;

    /** A lease of 20 seconds and the allowance for clocks, in steps. */
    private static final int LEASE_STEPS = 44;

    private static final int ITEM_BYTES = 300;

    private final Random random = TestSeed.random();
    private final List<String> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(number -> "p%05d".formatted(number))
            .toList();
    private final SortedMap<String, Integer> members = new TreeMap<>();
    private final Map<String, Integer> nextLook = new HashMap<>();
    private final Map<String, Set<String>> held = new HashMap<>();
    private final Map<String, Plan.Seen> table = new HashMap<>();
    private final Map<String, Integer> freeAt = new HashMap<>();
    private final Deque<Picture> pictures = new ArrayDeque<>();
    private int time;
    private int joined;
    private int moves;
    private int writes;
    private int looks;

    /** The group as a read may have shown it, with its balance. */
    private record Picture(SortedMap<String, Integer> members, Map<String, Plan.Seen> seen, Balance balance) {}

    @Test
    void tenThousandPartitionsAreBalancedWithinThreeIntervalsOfEachChange() {
        System.out.printf("%d partitions, %d members, one look in %d s%n", PARTITIONS, MEMBERS, INTERVAL_SECONDS);
        change("all members start at once", () -> joins(MEMBERS), 3, 0);
        change("nothing happens", () -> {}, 0, 0);
        change("20 members join", () -> joins(20), 3, PARTITIONS / 11);
        change("20 members stop", () -> leave(20, false), 3, 0);
        change("20 members crash", () -> leave(20, true), 3 + LEASE_STEPS / STEPS + 1, 0);
        change("20 members are suspended", this::suspend, 3, 0);
    }

    private void change(String name, Runnable change, int mostIntervals, int mostMoves) {
        moves = 0;
        writes = 0;
        looks = 0;
        change.run();
        int begun = time;
        while (!balanced()) {
            assertThat(time - begun)
                    .as("steps until balanced after: %s", name)
                    .isLessThanOrEqualTo((mostIntervals + 1) * STEPS);
            step();
        }
        int steps = time - begun;
        double seconds = Math.max(1, steps) * (double) INTERVAL_SECONDS / STEPS;
        System.out.printf(
                "%-28s %4.1f intervals, %5d moves, %6.0f group writes/s, %3.0f looks/s, %6.0f read units/s%n",
                name,
                steps / (double) STEPS,
                moves,
                writes / seconds,
                looks / seconds,
                looks / seconds * (PARTITIONS + members.size()) * ITEM_BYTES / 8192);
        assertThat(steps).as(name).isLessThanOrEqualTo(mostIntervals * STEPS);
        assertThat(moves).as("moves after: %s", name).isLessThanOrEqualTo(mostMoves);
        int before = moves;
        IntStream.range(0, 2 * STEPS).forEach(step -> step());
        assertThat(moves).as("moves of a balanced group after: %s", name).isEqualTo(before);
        assertThat(balanced()).isTrue();
    }

    private void joins(int count) {
        for (int number = 0; number < count; number++) {
            String member = "m%04d".formatted(joined++);
            members.put(member, Integer.MAX_VALUE);
            held.put(member, new HashSet<>());
            nextLook.put(member, time + 1 + random.nextInt(2));
        }
        record();
    }

    private void leave(int count, boolean crash) {
        List<String> leaving = new ArrayList<>(members.keySet());
        Collections.shuffle(leaving, random);
        for (String member : leaving.subList(0, count)) {
            members.remove(member);
            nextLook.remove(member);
            for (String partition : held.remove(member)) {
                if (crash) {
                    freeAt.put(partition, time + LEASE_STEPS - random.nextInt(STEPS));
                } else {
                    free(partition, null);
                }
            }
        }
        if (!crash) {
            record();
        }
    }

    private void suspend() {
        List<String> suspended = new ArrayList<>(members.keySet()).subList(0, 20);
        for (String member : suspended) {
            members.put(member, 0);
            held(member).forEach(partition -> free(partition, null));
            held(member).clear();
        }
        record();
    }

    private void free(String partition, @Nullable String reservedFor) {
        writes++;
        table.put(partition, new Plan.Seen(reservedFor, true, null));
    }

    private void step() {
        time++;
        freeAt.entrySet().removeIf(lease -> {
            boolean over = lease.getValue() <= time;
            if (over) {
                table.put(lease.getKey(), new Plan.Seen(null, true, null));
            }
            return over;
        });
        record();
        nextLook.forEach((member, at) -> {
            if (at <= time) {
                boolean waits = look(member);
                nextLook.put(member, time + (waits ? STEPS / 5 : STEPS - random.nextInt(2)));
            }
        });
    }

    private void record() {
        SortedMap<String, Integer> living = new TreeMap<>(members);
        Map<String, Plan.Seen> seen = Map.copyOf(table);
        Map<String, String> owners = Plan.owners("", Set.of(), partitions, seen);
        pictures.addFirst(new Picture(living, seen, Balance.of(partitions, living, owners)));
        if (pictures.size() > 2) {
            pictures.removeLast();
        }
    }

    /** Returns whether the member waits for partitions of others: then it looks again soon. */
    private boolean look(String member) {
        looks++;
        writes++;
        Picture picture = new ArrayList<>(pictures).get(random.nextInt(pictures.size()));
        Set<String> mine = held(member);
        Plan plan = Plan.of(
                member,
                mine,
                picture.balance(),
                picture.members().keySet(),
                picture.seen(),
                GroupRules.mostTakes(picture.balance().share(member)));
        for (String partition : plan.takes()) {
            writes++;
            Plan.Seen now = table.getOrDefault(partition, Plan.Seen.UNTOUCHED);
            if (now.takeable() && (now.owner() == null || now.owner().equals(member))) {
                mine.add(partition);
                table.put(partition, new Plan.Seen(member, false, null));
            }
        }
        for (String partition : plan.asks()) {
            writes++;
            Plan.Seen now = table.get(partition);
            if (now != null && !now.takeable()) {
                table.put(partition, new Plan.Seen(now.owner(), false, member));
            }
        }
        plan.yields().forEach((partition, asker) -> {
            moves++;
            mine.remove(partition);
            free(partition, asker);
        });
        return !plan.asks().isEmpty();
    }

    private Set<String> held(String member) {
        return held.computeIfAbsent(member, name -> new HashSet<>());
    }

    private boolean balanced() {
        List<Integer> shares = members.entrySet().stream()
                .filter(member -> member.getValue() > 0)
                .map(member -> held(member.getKey()).size())
                .toList();
        return shares.stream().mapToInt(Integer::intValue).sum() == PARTITIONS
                && Collections.max(shares) - Collections.min(shares) <= 1;
    }
}
