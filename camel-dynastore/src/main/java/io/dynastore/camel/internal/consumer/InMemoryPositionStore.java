/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Positions that are lost when the route stops: those of an interrupted cycle, or those of all cycles since the start.
 */
final class InMemoryPositionStore implements PositionStore {

    private final boolean allCycles;
    private final Map<Partition, String> positions = new ConcurrentHashMap<>();

    private InMemoryPositionStore(boolean allCycles) {
        this.allCycles = allCycles;
    }

    /** Each cycle begins at the start of a partition. An interrupted cycle continues at its position. */
    static PositionStore ofOneCycle() {
        return new InMemoryPositionStore(false);
    }

    /** Each cycle begins where the one before it ended. */
    static PositionStore ofAllCycles() {
        return new InMemoryPositionStore(true);
    }

    @Override
    public CompletableFuture<@Nullable String> load(Partition partition) {
        return CompletableFuture.completedFuture(positions.get(partition));
    }

    @Override
    public CompletableFuture<Void> save(Partition partition, @Nullable String token) {
        if (token != null) {
            positions.put(partition, token);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void completed(Partition partition) {
        if (!allCycles) {
            positions.remove(partition);
        }
    }

    /** Positions of all cycles stay, because a partition may be listed again later. */
    @Override
    public void retain(Collection<Partition> listed) {
        if (!allCycles) {
            positions.keySet().retainAll(listed);
        }
    }

    @Override
    public Map<Partition, String> known() {
        return Map.copyOf(positions);
    }

    @Override
    public RuntimeException invalid(Partition partition, InvalidTokenException error) {
        return error;
    }
}
