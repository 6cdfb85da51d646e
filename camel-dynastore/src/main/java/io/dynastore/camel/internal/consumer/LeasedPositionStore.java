/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.group.PartitionLease;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The position of one partition under one lease. A task that outlives its lease can't save through a later lease of the
 * same partition, which would move the position back.
 */
final class LeasedPositionStore implements PositionStore {

    private final String group;
    private final @Nullable PartitionLease lease;

    /** The position under a lease; null: the partition is not this member's, and nothing of it is read. */
    LeasedPositionStore(String group, @Nullable PartitionLease lease) {
        this.group = group;
        this.lease = lease;
    }

    @Override
    public CompletableFuture<@Nullable String> load(Partition partition) {
        return lease == null
                ? CompletableFuture.failedFuture(new CancellationException("Another member has the partition."))
                : CompletableFuture.completedFuture(lease.position());
    }

    @Override
    public CompletableFuture<Void> save(Partition partition, @Nullable String token) {
        return lease == null ? CompletableFuture.completedFuture(null) : lease.save(token);
    }

    @Override
    public void completed(Partition partition) {}

    @Override
    public void retain(Collection<Partition> listed) {}

    @Override
    public Map<Partition, String> known() {
        return Map.of();
    }

    @Override
    public RuntimeException invalid(Partition partition, InvalidTokenException error) {
        return new DynaStoreException(
                "The position of " + partition + " in the group " + group
                        + " was saved by a consumer that reads another table, index or range. Set another group, or"
                        + " delete the position to begin at the start.",
                error);
    }
}
