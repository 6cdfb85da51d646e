/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The balance of a group, each rule of it, for random groups from printed seeds. */
class BalanceTest {

    private static final int GROUPS = 3000;

    /** A group at one moment. */
    private record Group(List<String> partitions, SortedMap<String, Integer> capacities, Map<String, String> owners) {

        static Group of(Random random, boolean limited) {
            List<String> partitions = names("p", random.nextInt(40));
            SortedMap<String, Integer> capacities = new TreeMap<>();
            for (String member : names("m", 1 + random.nextInt(9))) {
                capacities.put(member, limited ? random.nextInt(8) : Integer.MAX_VALUE);
            }
            List<String> all = new ArrayList<>(capacities.keySet());
            all.add("gone");
            Map<String, String> owners = new HashMap<>();
            for (String partition : partitions) {
                if (random.nextInt(4) > 0) {
                    owners.put(partition, all.get(random.nextInt(all.size())));
                }
            }
            return new Group(partitions, capacities, owners);
        }

        Balance balance() {
            return Balance.of(partitions, capacities, owners);
        }

        long held(String member) {
            return owners.values().stream().filter(member::equals).count();
        }

        Map<String, String> after() {
            Map<String, String> after = new HashMap<>();
            capacities
                    .keySet()
                    .forEach(member -> balance().target(member).forEach(partition -> after.put(partition, member)));
            return after;
        }
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "%s%05d".formatted(prefix, number))
                .toList();
    }

    private static void each(boolean limited, java.util.function.Consumer<Group> check) {
        for (int number = 0; number < GROUPS; number++) {
            Group group = Group.of(TestSeed.random(TestSeed.value() + number), limited);
            try {
                check.accept(group);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + (TestSeed.value() + number) + ", " + group, e);
            }
        }
    }

    @Test
    void membersOfEqualCapacityDifferByOnePartitionAtMost() {
        each(false, group -> {
            List<Integer> shares = group.capacities().keySet().stream()
                    .map(member -> group.balance().target(member).size())
                    .toList();
            assertThat(Collections.max(shares) - Collections.min(shares)).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void everyPartitionHasOneMemberUnlessAllAreFull() {
        each(true, group -> {
            long capacity = group.capacities().values().stream()
                    .mapToLong(Integer::longValue)
                    .sum();
            List<String> given = group.capacities().keySet().stream()
                    .flatMap(member -> group.balance().target(member).stream())
                    .toList();
            assertThat(given).doesNotHaveDuplicates().hasSize((int)
                    Math.min(capacity, group.partitions().size()));
        });
    }

    @Test
    void noMemberGetsMoreThanItsCapacityOrLessThanAnotherWithoutBeingFull() {
        each(true, group -> group.capacities().forEach((member, capacity) -> {
            int share = group.balance().share(member);
            assertThat(share).isEqualTo(group.balance().target(member).size()).isLessThanOrEqualTo(capacity);
            group.capacities().keySet().forEach(other -> assertThat(
                            share == capacity || group.balance().share(other) - share <= 1)
                    .isTrue());
        }));
    }

    @Test
    void aBalancedGroupMovesNothing() {
        each(true, group -> {
            Map<String, String> after = group.after();
            assertThat(new Group(group.partitions(), group.capacities(), after).after())
                    .isEqualTo(after);
        });
    }

    @Test
    void noMemberGivesUpMoreThanWhatItHasAboveItsShare() {
        each(true, group -> group.capacities().keySet().forEach(member -> {
            Set<String> kept = new HashSet<>(group.balance().target(member));
            long given = group.owners().entrySet().stream()
                    .filter(owned -> owned.getValue().equals(member) && !kept.contains(owned.getKey()))
                    .count();
            assertThat(given).isEqualTo(Math.max(0, group.held(member) - kept.size()));
        }));
    }

    @Test
    void noSharesOfTheSameEvennessNeedFewerMoves() {
        each(false, group -> {
            int members = group.capacities().size();
            int least = group.partitions().size() / members;
            int larger = group.partitions().size() % members;
            List<Long> held = group.capacities().keySet().stream()
                    .map(group::held)
                    .sorted(Collections.reverseOrder())
                    .toList();
            long fewest = IntStream.range(0, members)
                    .mapToLong(rank -> Math.max(0, held.get(rank) - least - (rank < larger ? 1 : 0)))
                    .sum();
            long moved = group.capacities().keySet().stream()
                    .mapToLong(member ->
                            Math.max(0, group.held(member) - group.balance().share(member)))
                    .sum();
            assertThat(moved).isEqualTo(fewest);
        });
    }

    @Test
    void aMoveThatIsDoneChangesNothingAboutTheOthers() {
        each(false, group -> {
            Map<String, String> after = group.after();
            Map<String, String> owners = new HashMap<>(group.owners());
            Random random = TestSeed.random(group.hashCode());
            after.forEach((partition, member) -> {
                if (random.nextBoolean() && owners.containsKey(partition)) {
                    owners.put(partition, member);
                }
            });
            long moved = after.entrySet().stream()
                    .filter(target -> !target.getValue().equals(group.owners().get(target.getKey())))
                    .count();
            long done = owners.entrySet().stream()
                    .filter(owned -> !owned.getValue().equals(group.owners().get(owned.getKey())))
                    .count();
            Group between = new Group(group.partitions(), group.capacities(), owners);
            long left = between.after().entrySet().stream()
                    .filter(target -> !target.getValue().equals(owners.get(target.getKey())))
                    .count();
            assertThat(left).isEqualTo(moved - done);
        });
    }
}
