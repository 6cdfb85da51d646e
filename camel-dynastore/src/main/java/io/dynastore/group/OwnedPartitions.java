/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.Key;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a member has. Each change is one log line of the same form. {@link #readable} is thread safe; all
 * else runs on the thread of the member.
 */
final class OwnedPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private final String place;
    private final GroupCounters counters;
    private final Map<String, PartitionLease> leases = new HashMap<>();
    private final ConcurrentSkipListMap<String, PartitionLease> readable = new ConcurrentSkipListMap<>();

    /**
     * No partition yet.
     *
     * @param place names table, group and member in log lines
     */
    OwnedPartitions(String place, GroupCounters counters) {
        this.place = place;
        this.counters = counters;
    }

    /** The partitions that may be read now, by name. The map changes while it is read. */
    Map<String, PartitionLease> readable() {
        return Collections.unmodifiableMap(readable);
    }

    /** All leases, by partition, with those that are given up and not free yet. */
    Map<String, PartitionLease> all() {
        return leases;
    }

    /** The partitions that are not given up. */
    Set<String> kept() {
        Set<String> kept = new TreeSet<>();
        leases.forEach((partition, lease) -> {
            if (!lease.upkeep().leaving()) {
                kept.add(partition);
            }
        });
        return kept;
    }

    void taken(PartitionLease lease, @Nullable String from) {
        counters.taken(from != null);
        log(lease, from == null ? "taken" : "taken over from " + from);
        leases.put(lease.partition(), lease);
        lease.upkeep().begin();
        readable.put(lease.partition(), lease);
    }

    /** Gives a partition up for a member that has asked, if it is still here. */
    void handOver(String partition, String asker) {
        PartitionLease lease = leases.get(partition);
        if (lease != null && !lease.upkeep().leaving()) {
            counters.moved();
            giveUp(lease, asker);
        }
    }

    /** Gives up each partition for which this holds, for nobody in particular. */
    void giveUpIf(Predicate<PartitionLease> condition) {
        List.copyOf(leases.values()).stream().filter(condition).forEach(lease -> giveUp(lease, null));
    }

    /** Gives up what is not among these. */
    void retain(Collection<String> named) {
        Set<String> listed = new HashSet<>(named);
        giveUpIf(lease -> !listed.contains(lease.partition()));
    }

    private void giveUp(PartitionLease lease, @Nullable String asker) {
        readable.remove(lease.partition(), lease);
        lease.upkeep().drain(asker);
    }

    /** Ends all leases without a write. */
    void abandon() {
        List.copyOf(leases.values()).forEach(lease -> lease.upkeep().abandon());
    }

    void ended(PartitionLease lease, PartitionLease.End how, @Nullable String by) {
        leases.remove(lease.partition(), lease);
        readable.remove(lease.partition(), lease);
        switch (how) {
            case FREED -> log(lease, by == null ? "freed" : "freed for " + by);
            case EXPIRED -> {
                counters.lost();
                log(lease, "lost, because it was not renewed in time");
            }
            case LOST -> {
                counters.lost();
                log(lease, by == null ? "lost" : "lost to " + by);
            }
            case ABANDONED -> log(lease, "left to its lease");
        }
    }

    private void log(PartitionLease lease, String what) {
        LOG.info("{}: partition {} {}, token {}", place, Key.shown(lease.partition()), what, lease.token());
    }
}
