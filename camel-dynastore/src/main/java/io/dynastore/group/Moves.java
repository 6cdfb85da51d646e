/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** What a member takes, asks for and gives up after a look. Runs on the thread of the member. */
final class Moves {

    private final GroupContext context;
    private final GroupView view;
    private final OwnedPartitions owned;
    private final Takes takes;

    Moves(GroupContext context, GroupView view, OwnedPartitions owned, Takes takes) {
        this.context = context;
        this.view = view;
        this.owned = owned;
        this.takes = takes;
    }

    /**
     * Makes a plan by what the view shows, and follows it.
     *
     * @param named the partitions that the group shares
     * @return whether the member waits for partitions of others
     */
    boolean proceed(List<String> named) {
        Plan plan = plan(named);
        follow(plan);
        return !plan.asks().isEmpty();
    }

    private Plan plan(List<String> named) {
        String me = context.settings().member();
        Set<String> held = new TreeSet<>(takes.pending());
        held.addAll(owned.kept());
        held.retainAll(new HashSet<>(named));
        Map<String, Plan.Seen> seen =
                view.seen(named, owned.all(), context.runtime().now());
        SortedMap<String, Integer> capacities = view.capacities();
        Balance balance = Balance.of(named, capacities, Plan.owners(me, held, named, seen));
        return Plan.of(me, held, balance, capacities.keySet(), seen, GroupRules.mostTakes(balance.share(me)));
    }

    private void follow(Plan plan) {
        owned.giveUpIf(lease -> {
            LeaseItem item = view.lease(lease.partition());
            return item != null && lease.shownBy(item) && GroupRules.NOBODY.equals(item.want());
        });
        plan.yields().forEach(owned::handOver);
        plan.asks().forEach(this::ask);
        takes.clear();
        for (String partition : plan.takes()) {
            if (!owned.all().containsKey(partition)) {
                takes.take(partition, view.lease(partition), view.observation(partition));
            }
        }
        takes.proceed();
    }

    private void ask(String partition) {
        LeaseItem item = view.lease(partition);
        if (item != null
                && item.holder() != null
                && !context.settings().member().equals(item.want())) {
            CompletableFuture<?> unused =
                    context.table().write(context.requests().leases().ask(item.partition(), item.holder()));
        }
    }
}
