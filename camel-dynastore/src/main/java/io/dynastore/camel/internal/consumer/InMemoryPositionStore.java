/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Positions that end with the route: those of a pass that was interrupted, or of all passes since its start. */
final class InMemoryPositionStore implements PositionStore {

    private final boolean lasting;
    private final Map<Partition, String> positions = new ConcurrentHashMap<>();

    private InMemoryPositionStore(boolean lasting) {
        this.lasting = lasting;
    }

    /** Each pass begins at the start; one that was interrupted goes on where it was. */
    static PositionStore ofEachPass() {
        return new InMemoryPositionStore(false);
    }

    /** Each pass begins where the one before has ended. */
    static PositionStore ofAllPasses() {
        return new InMemoryPositionStore(true);
    }

    @Override
    public CompletableFuture<@Nullable String> behind(Partition partition) {
        return CompletableFuture.completedFuture(positions.get(partition));
    }

    @Override
    public CompletableFuture<Void> passed(Partition partition, @Nullable String token) {
        if (token != null) {
            positions.put(partition, token);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void completed(Partition partition) {
        if (!lasting) {
            positions.remove(partition);
        }
    }

    /** What lasts is kept for a partition that comes back. */
    @Override
    public void retain(Collection<Partition> listed) {
        if (!lasting) {
            positions.keySet().retainAll(listed);
        }
    }

    @Override
    public Map<Partition, String> known() {
        return Map.copyOf(positions);
    }

    @Override
    public RuntimeException unfit(Partition partition, InvalidTokenException error) {
        return error;
    }
}
