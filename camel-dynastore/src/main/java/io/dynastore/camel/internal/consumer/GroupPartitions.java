/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.group.GroupMember;
import io.dynastore.group.GroupSettings;
import io.dynastore.group.PartitionLease;
import io.dynastore.lease.ServiceClock;
import io.dynastore.lease.Ticker;
import io.dynastore.store.TableSchema;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The partitions of a group's member: all that are shared, and those that this member may read now. Thread safe. */
public final class GroupPartitions {

    private final GroupMember member;
    private final ScheduledExecutorService thread;
    private final PartitionSource all;

    private final @Nullable PositionStore positions;
    private volatile Map<String, Partition> named = Map.of();

    /**
     * The partitions of a member that has not started. Its thread begins with it.
     *
     * @param client sends the requests of the member
     * @param schema the table of the group's items
     * @param all the partitions that the group shares
     * @param positions the positions of a single consumer; null if none are kept
     */
    GroupPartitions(
            DynamoDbAsyncClient client,
            TableSchema schema,
            GroupSettings settings,
            PartitionSource all,
            @Nullable PositionStore positions) {
        this.all = all;
        this.positions = positions;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> thread(task, schema.table()));
        ServiceClock clock = new ServiceClock(Clock.systemUTC(), Ticker.system(), true);
        this.member = GroupMember.of(client, schema, settings, thread, clock, this::position);
    }

    private static Thread thread(Runnable task, String table) {
        Thread thread = new Thread(task, "dynastore-group-" + table);
        thread.setDaemon(true);
        return thread;
    }

    private CompletableFuture<@Nullable String> position(String name) {
        if (positions == null) {
            return CompletableFuture.completedFuture(null);
        }
        Partition partition = named.get(name);
        return partition == null
                ? CompletableFuture.failedFuture(new CancellationException("The partition is not named any more."))
                : positions.load(partition);
    }

    /** Ends the member and its thread. Partitions that it still has run out. */
    void close() {
        member.close();
        var unused = thread.schedule(thread::shutdownNow, 0, TimeUnit.NANOSECONDS);
    }

    /** The member, for monitoring and for its start and end. */
    public GroupMember member() {
        return member;
    }

    /** Tells the member which partitions there are now. */
    void name() {
        Map<String, Partition> names = new LinkedHashMap<>();
        all.current().forEach(partition -> names.put(partition.name(), partition));
        named = names;
        if (positions != null) {
            positions.retain(names.values());
        }
        member.name(names.keySet());
    }

    /** The partitions that may be read now, in the order of the list. */
    List<Partition> current() {
        name();
        Map<String, PartitionLease> readable = member.readable();
        List<Partition> current = new ArrayList<>(readable.size());
        named.forEach((name, partition) -> {
            if (readable.containsKey(name)) {
                current.add(partition);
            }
        });
        return current;
    }

    /** The partitions that the group shares. */
    Collection<Partition> named() {
        return named.values();
    }

    /** The lease of a partition; null if it is not this member's. */
    @Nullable
    PartitionLease lease(Partition partition) {
        return member.readable().get(partition.name());
    }

    /** The leases of this member now. */
    Map<String, PartitionLease> leases() {
        return Map.copyOf(member.readable());
    }

    /** Whether the member has got a lease that is not among these, of a partition that is shared. */
    boolean gained(Map<String, PartitionLease> before) {
        for (Map.Entry<String, PartitionLease> now : member.readable().entrySet()) {
            if (before.get(now.getKey()) != now.getValue() && named.containsKey(now.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** The shared partitions whose leases are not among these. */
    List<Partition> gainedSince(Map<String, PartitionLease> before) {
        List<Partition> gained = new ArrayList<>();
        member.readable().forEach((name, lease) -> {
            Partition partition = named.get(name);
            if (partition != null && before.get(name) != lease) {
                gained.add(partition);
            }
        });
        return gained;
    }
}
