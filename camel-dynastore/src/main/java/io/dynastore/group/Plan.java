/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one member does after a look at its group. Pure.
 *
 * <ol>
 *   <li>It takes what it should have and what is free.
 *   <li>It asks for what it should have and what another living member has.
 *   <li>It gives up only what another living member has asked for, only what it has above its own share, and only as
 *       much as the other has below its share. So nobody drops what nobody else can take, and a wrong picture of one
 *       member alone moves nothing.
 * </ol>
 *
 * <p>Decision 20 in docs/decisions has the reasons.
 *
 * @param takes the partitions to take, in order
 * @param asks the partitions to ask for
 * @param yields the partitions to give up, each with the member that gets it
 */
record Plan(List<String> takes, List<String> asks, Map<String, String> yields) {

    /**
     * A partition as a member sees it.
     *
     * @param owner the member that has it, or for which it is kept free; null if nobody
     * @param takeable whether this member may take it now
     * @param wantedBy the member that has asked for it last; null if none has
     */
    record Seen(
            @Nullable String owner,
            boolean takeable,
            @Nullable String wantedBy) {

        /** Nobody has had it yet. */
        static final Seen UNTOUCHED = new Seen(null, true, null);
    }

    /**
     * Makes the plan of a member.
     *
     * @param me the member
     * @param held the partitions that it has and has not begun to give up
     * @param balance of the group as the member sees it: see {@link #owners}
     * @param living the members that are alive
     * @param seen each partition that has ever been leased
     * @param most how many partitions it takes at once
     */
    static Plan of(String me, Set<String> held, Balance balance, Set<String> living, Map<String, Seen> seen, int most) {
        Map<String, String> yields = yields(me, held, balance, living, seen);
        List<String> takes = new ArrayList<>();
        List<String> asks = new ArrayList<>();
        for (String partition : balance.target(me)) {
            Seen one = seen.getOrDefault(partition, Seen.UNTOUCHED);
            if (held.contains(partition)) {
                continue;
            }
            if (one.takeable()) {
                takes.add(partition);
            } else if (one.owner() != null && !one.owner().equals(me) && living.contains(one.owner())) {
                asks.add(partition);
            }
        }
        return new Plan(takes.size() > most ? List.copyOf(takes.subList(0, most)) : takes, asks, yields);
    }

    private static Map<String, String> yields(
            String me, Set<String> held, Balance balance, Set<String> living, Map<String, Seen> seen) {
        Map<String, String> yields = new LinkedHashMap<>();
        Map<String, Integer> given = new HashMap<>();
        int surplus = held.size() - balance.share(me);
        for (String partition : held) {
            String asker = seen.getOrDefault(partition, Seen.UNTOUCHED).wantedBy();
            if (yields.size() < surplus
                    && asker != null
                    && living.contains(asker)
                    && given.getOrDefault(asker, 0) < balance.missing(asker)) {
                given.merge(asker, 1, Integer::sum);
                yields.put(partition, asker);
            }
        }
        return yields;
    }

    /** Who has what, as the member knows it: of its own partitions, it knows better than the table. */
    static Map<String, String> owners(String me, Set<String> held, List<String> partitions, Map<String, Seen> seen) {
        Map<String, String> owners = new HashMap<>(2 * partitions.size());
        for (String partition : partitions) {
            Seen one = seen.getOrDefault(partition, Seen.UNTOUCHED);
            if (held.contains(partition)) {
                owners.put(partition, me);
            } else if (one.owner() != null && (one.takeable() || !one.owner().equals(me))) {
                owners.put(partition, one.owner());
            }
        }
        return owners;
    }
}
