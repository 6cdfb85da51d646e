/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells other members which partitions a member that leaves, or is suspended, has freed for them. So they take them
 * before their next look. Runs on the thread of the member.
 *
 * <p>Who gets what is the {@link Balance} of the group without this member, by its latest look. All others come to the
 * same result. Nothing rests on it: what nobody hears of, the next looks find.
 */
final class Successors {

    /** The most partitions in one write. The item of a member stays small. */
    static final int MOST = 100;

    private final GroupContext context;
    private final GroupView view;
    private final Supplier<List<String>> partitions;
    private final Runnable told;
    private final Map<String, String> given = new HashMap<>();
    private final Map<String, Queue<Freed>> untold = new HashMap<>();
    private final Set<String> telling = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private @Nullable Map<String, String> targets;

    private record Freed(String partition, FreedPartition element) {}

    /**
     * Has told nothing yet.
     *
     * @param partitions those that the group shares
     * @param told runs when a write has ended
     */
    Successors(GroupContext context, GroupView view, Supplier<List<String>> partitions, Runnable told) {
        this.context = context;
        this.view = view;
        this.partitions = partitions;
        this.told = told;
    }

    /** Forgets who has got what, since all partitions are given up anew. */
    void begin() {
        given.clear();
        gone.clear();
        targets = null;
    }

    /** Whether all is told. */
    boolean idle() {
        return telling.isEmpty();
    }

    /** A partition is free, and nobody has asked for it. */
    void freed(String partition, long token) {
        give(new Freed(partition, new FreedPartition(GroupRequests.leaseName(partition), token)));
    }

    private void give(Freed freed) {
        if (targets == null) {
            targets = targets();
        }
        String member = targets.get(freed.partition());
        if (member != null) {
            given.put(freed.partition(), member);
            untold.computeIfAbsent(member, name -> new ArrayDeque<>()).add(freed);
            tell(member);
        }
    }

    /** The member that should have each partition. What was given before counts as taken. */
    private Map<String, String> targets() {
        String me = context.settings().member();
        List<String> named = partitions.get();
        SortedMap<String, Integer> capacities = view.capacities();
        capacities.remove(me);
        capacities.keySet().removeAll(gone);
        Map<String, Plan.Seen> seen =
                view.seen(named, Map.of(), context.runtime().now());
        Map<String, String> owners = Plan.owners(me, Set.of(), named, seen);
        owners.putAll(given);
        Balance balance = Balance.of(named, capacities, owners);
        Map<String, String> found = new HashMap<>();
        capacities.keySet().forEach(member -> balance.target(member)
                .forEach(partition -> found.put(partition, member)));
        return found;
    }

    /** One write to a member is in flight at a time. What is freed meanwhile goes with the next one. */
    private void tell(String member) {
        Queue<Freed> waiting = untold.getOrDefault(member, new ArrayDeque<>());
        if (waiting.isEmpty() || !telling.add(member)) {
            return;
        }
        List<Freed> sent = new ArrayList<>();
        while (sent.size() < MOST && !waiting.isEmpty()) {
            sent.add(waiting.remove());
        }
        List<FreedPartition> elements = sent.stream().map(Freed::element).toList();
        CompletableFuture<?> unused = context.table()
                .write(context.requests().give(member, elements))
                .thenAccept(result -> context.runtime().execute(() -> told(member, sent, result)));
    }

    private void told(String member, List<Freed> sent, GroupWrite result) {
        telling.remove(member);
        if (result instanceof GroupWrite.Refused) {
            // It has left, and others get what it should have got.
            gone.add(member);
            targets = null;
            List<Freed> again = new ArrayList<>(sent);
            again.addAll(untold.getOrDefault(member, new ArrayDeque<>()));
            untold.remove(member);
            again.forEach(one -> given.remove(one.partition()));
            again.forEach(this::give);
        } else {
            tell(member);
        }
        told.run();
    }
}
