/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who should have which partition. Pure: members that see the same get the same result, so they need no leader.
 *
 * <ol>
 *   <li>The shares are as even as the capacities allow: shares below their capacities differ by one at most.
 *   <li>If the number of partitions can't be divided evenly, those members get one more that have so many already, and
 *       then the first ones by name. So nothing moves while the shares are even.
 *   <li>A member keeps what it has, up to its share. Above its share, it gives up the last partitions in order. So no
 *       result needs fewer moves.
 *   <li>What nobody keeps is dealt in order: the first member below its share gets the first partitions, and so on. So
 *       a move that is done changes nothing about those that are not.
 *   <li>A partition beyond all capacities belongs to nobody.
 * </ol>
 *
 * <p>Decision 20 in docs/decisions has the reasons.
 */
final class Balance {

    private final Map<String, Integer> held;
    private final Map<String, Integer> shares;
    private final Map<String, List<String>> targets;

    private Balance(Map<String, Integer> held, Map<String, Integer> shares, Map<String, List<String>> targets) {
        this.held = held;
        this.shares = shares;
        this.targets = targets;
    }

    /**
     * Computes the balance.
     *
     * @param partitions the partitions, each once, in an order that all members know
     * @param capacities each member and the most partitions that it takes, in the order of their names
     * @param owners who has which partition; an owner that is no member has nothing to keep
     */
    static Balance of(List<String> partitions, SortedMap<String, Integer> capacities, Map<String, String> owners) {
        Map<String, Integer> held = new HashMap<>();
        for (String partition : partitions) {
            String owner = owners.get(partition);
            if (owner != null) {
                held.merge(owner, 1, Integer::sum);
            }
        }
        Map<String, Integer> shares = shares(partitions.size(), capacities, held);
        return new Balance(held, shares, targets(partitions, shares, owners));
    }

    /** The partitions that a member should have: first those that it keeps, then those that it gets, each in order. */
    List<String> target(String member) {
        return targets.getOrDefault(member, List.of());
    }

    /** How many partitions a member should have. */
    int share(String member) {
        return shares.getOrDefault(member, 0);
    }

    /** How many partitions a member has less than it should have; negative if it has more. */
    int missing(String member) {
        return share(member) - held.getOrDefault(member, 0);
    }

    private static Map<String, Integer> shares(
            int count, SortedMap<String, Integer> capacities, Map<String, Integer> held) {
        int level = level(count, capacities);
        Map<String, Integer> shares = new TreeMap<>();
        List<String> able = new ArrayList<>();
        int left = count;
        for (Map.Entry<String, Integer> member : capacities.entrySet()) {
            int share = Math.min(level, member.getValue());
            shares.put(member.getKey(), share);
            left -= share;
            if (member.getValue() > level) {
                able.add(member.getKey());
            }
        }
        able.sort(Comparator.comparing((String member) -> held.getOrDefault(member, 0) <= level));
        able.stream().limit(left).forEach(member -> shares.merge(member, 1, Integer::sum));
        return shares;
    }

    /** The largest share that every member can have, as far as its capacity allows. */
    private static int level(int count, SortedMap<String, Integer> capacities) {
        int level = 0;
        int above = count + 1;
        while (above - level > 1) {
            int middle = (level + above) >>> 1;
            long sum = 0;
            for (int capacity : capacities.values()) {
                sum += Math.min(middle, capacity);
            }
            if (sum <= count) {
                level = middle;
            } else {
                above = middle;
            }
        }
        return level;
    }

    private static Map<String, List<String>> targets(
            List<String> partitions, Map<String, Integer> shares, Map<String, String> owners) {
        Map<String, List<String>> targets = new TreeMap<>();
        shares.forEach((member, share) -> targets.put(member, new ArrayList<>(share)));
        List<String> dealt = new ArrayList<>();
        for (String partition : partitions) {
            String owner = owners.get(partition);
            List<String> kept = owner == null ? null : targets.get(owner);
            if (owner != null && kept != null && kept.size() < shares.getOrDefault(owner, 0)) {
                kept.add(partition);
            } else {
                dealt.add(partition);
            }
        }
        int next = 0;
        for (Map.Entry<String, List<String>> member : targets.entrySet()) {
            int share = shares.getOrDefault(member.getKey(), 0);
            while (member.getValue().size() < share && next < dealt.size()) {
                member.getValue().add(dealt.get(next++));
            }
        }
        return targets;
    }
}
