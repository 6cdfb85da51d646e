/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.group.PartitionLease;
import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The positions of all partitions that a member may read now, for monitoring. Tasks have stores of their own. */
final class GroupPositions implements PositionStore {

    private final GroupPartitions group;

    GroupPositions(GroupPartitions group) {
        this.group = group;
    }

    private PositionStore of(Partition partition) {
        return new LeasedPositionStore(group.member().settings().group(), group.lease(partition));
    }

    @Override
    public CompletableFuture<@Nullable String> load(Partition partition) {
        return of(partition).load(partition);
    }

    @Override
    public CompletableFuture<Void> save(Partition partition, @Nullable String token) {
        return of(partition).save(partition, token);
    }

    @Override
    public void completed(Partition partition) {}

    @Override
    public void retain(Collection<Partition> listed) {}

    @Override
    public Map<Partition, String> known() {
        Map<Partition, String> known = new HashMap<>();
        for (Partition partition : group.named()) {
            PartitionLease lease = group.lease(partition);
            String position = lease == null ? null : lease.position();
            if (position != null) {
                known.put(partition, position);
            }
        }
        return known;
    }

    @Override
    public RuntimeException invalid(Partition partition, InvalidTokenException error) {
        return of(partition).invalid(partition, error);
    }
}
