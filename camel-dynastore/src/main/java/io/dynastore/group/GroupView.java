/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.Observation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The group as the looks of one member have shown it. Used by one thread, but for {@link #status}. */
final class GroupView {

    /** The item of a member that has crashed is removed after this time, where time to live is off. */
    private static final Duration SWEEP_AFTER = Duration.ofHours(1);

    private final GroupContext context;
    private volatile Map<String, LeaseItem> leases = Map.of();
    private Map<String, Observation> observations = Map.of();
    private Map<String, MemberItem> members = Map.of();
    private Map<String, Observation> signs = Map.of();
    private volatile SortedMap<String, MemberItem> living = new TreeMap<>();
    private volatile boolean known;

    GroupView(GroupContext context) {
        this.context = context;
    }

    private GroupSettings settings() {
        return context.settings();
    }

    /** Reads what a look has shown now. */
    void read(List<Map<String, AttributeValue>> items, ClockReading now) {
        readMembers(items, now);
        Map<String, LeaseItem> nextLeases = new HashMap<>();
        Map<String, Observation> nextObservations = new HashMap<>();
        for (Map<String, AttributeValue> item : items) {
            LeaseItem lease = context.requests().lease(item);
            if (lease != null) {
                nextLeases.put(lease.partition(), lease);
                Observation before = observations.get(lease.partition());
                Observation seen =
                        GroupRules.observed(settings(), lease, before, takesPartitions(lease.keptFor()), now);
                if (seen != null) {
                    nextObservations.put(lease.partition(), seen);
                }
            }
        }
        leases = nextLeases;
        known = true;
        observations = nextObservations;
    }

    private void readMembers(List<Map<String, AttributeValue>> items, ClockReading now) {
        Map<String, MemberItem> nextMembers = new HashMap<>();
        Map<String, Observation> nextSigns = new HashMap<>();
        for (Map<String, AttributeValue> item : items) {
            MemberItem member = context.requests().member(item);
            if (member != null) {
                nextMembers.put(member.name(), member);
                Observation before = signs.get(member.name());
                nextSigns.put(
                        member.name(),
                        before != null && before.version() == member.version()
                                ? before
                                : new Observation(member.version(), settings().lease(), now.nanos()));
            }
        }
        members = nextMembers;
        signs = nextSigns;
        living = living(now);
    }

    private boolean takesPartitions(@Nullable String name) {
        MemberItem member = name == null ? null : living.get(name);
        return member != null && member.most() > 0;
    }

    private SortedMap<String, MemberItem> living(ClockReading now) {
        SortedMap<String, MemberItem> found = new TreeMap<>();
        boolean trusted = context.runtime().clockTrusted();
        members.forEach((name, member) -> {
            Observation sign = signs.get(name);
            if (sign != null && GroupRules.lives(settings(), member, now, trusted, sign)) {
                found.put(name, member);
            }
        });
        return found;
    }

    /** Why this member must not read anything: an earlier member shares something else. Null if none does. */
    @Nullable
    String conflict() {
        MemberItem me = members.get(settings().member());
        for (MemberItem other : living.values()) {
            boolean earlier = me == null || other.before(me);
            if (earlier
                    && !other.name().equals(settings().member())
                    && !other.kind().equals(settings().kind())) {
                return conflict(other);
            }
        }
        return null;
    }

    private String conflict(MemberItem other) {
        return "This member of the group " + settings().group() + " shares "
                + settings().kind() + ", and the member "
                + other.name() + " shares " + other.kind() + ". All members have to share the same: correct the options"
                + " segments and partitionKeys, or name another group, and stop all members before you change them.";
    }

    /** The living members that share the same, and this one, each with the most partitions that it takes. */
    SortedMap<String, Integer> capacities() {
        SortedMap<String, Integer> capacities = new TreeMap<>();
        living.forEach((name, member) -> {
            if (member.kind().equals(settings().kind())) {
                capacities.put(name, member.most());
            }
        });
        capacities.put(settings().member(), settings().most());
        return capacities;
    }

    /** What others have freed for this member, and is in its item still. */
    Set<FreedPartition> given() {
        MemberItem me = members.get(settings().member());
        return me == null ? Set.of() : me.given();
    }

    /** Whether another member lives, so that there is somebody to get partitions from. */
    boolean shared() {
        return living.size() > (living.containsKey(settings().member()) ? 1 : 0);
    }

    /** For monitoring. Thread safe. */
    GroupStatus status() {
        if (!known) {
            return GroupStatus.UNKNOWN;
        }
        Map<String, Integer> most = new TreeMap<>();
        living.forEach((name, member) -> most.put(name, member.most()));
        Map<String, String> owners = new TreeMap<>();
        leases.forEach((partition, lease) -> owners.put(partition, lease.owner() == null ? "" : lease.owner()));
        return new GroupStatus(most, owners);
    }

    /** The lease of a partition; null if it has never been taken. */
    @Nullable
    LeaseItem lease(String partition) {
        return leases.get(GroupRequests.leaseName(partition));
    }

    /** What was observed of the lease of a partition. */
    @Nullable
    Observation observation(String partition) {
        return observations.get(GroupRequests.leaseName(partition));
    }

    /**
     * The partitions as the plan sees them.
     *
     * @param own the leases of this member
     */
    Map<String, Plan.Seen> seen(List<String> partitions, Map<String, PartitionLease> own, ClockReading now) {
        Map<String, Plan.Seen> seen = new HashMap<>(2 * partitions.size());
        boolean trusted = context.runtime().clockTrusted();
        for (String partition : partitions) {
            LeaseItem item = lease(partition);
            PartitionLease mine = own.get(partition);
            if (mine != null) {
                String want = item != null && mine.shownBy(item) ? item.want() : null;
                seen.put(
                        partition,
                        new Plan.Seen(
                                mine.upkeep().leaving()
                                        ? mine.upkeep().asker()
                                        : settings().member(),
                                false,
                                want));
            } else if (item != null) {
                seen.put(partition, seen(item, now, trusted));
            }
        }
        return seen;
    }

    private Plan.Seen seen(LeaseItem item, ClockReading now, boolean trusted) {
        boolean takeable = GroupRules.takeable(settings(), item, now, trusted, observations.get(item.partition()));
        if (item.holder() == null) {
            boolean kept = takesPartitions(item.keptFor());
            return new Plan.Seen(kept ? item.keptFor() : null, takeable, null);
        }
        return new Plan.Seen(takeable ? null : item.owner(), takeable, item.want());
    }

    /** Removes the item of one member that crashed long ago, if this member is the first of the living. */
    void sweep(ClockReading now) {
        long before = now.wall().minus(SWEEP_AFTER).toEpochMilli();
        if (!living.isEmpty() && living.firstKey().equals(settings().member())) {
            members.values().stream()
                    .filter(member -> !living.containsKey(member.name()) && member.until() < before)
                    .findFirst()
                    .ifPresent(member -> context.table()
                            .remove(context.requests().memberKey(member.name()))
                            .exceptionally(error -> null));
        }
    }
}
