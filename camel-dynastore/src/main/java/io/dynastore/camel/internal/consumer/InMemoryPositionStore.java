/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Positions that are lost when the route stops: those of an interrupted cycle, or those of all cycles since the start.
 *
 * <p>A partition may be listed again later. So the positions of all cycles stay when their partition is not listed any
 * more, {@value #MOST_UNLISTED} of them at most: a bean may name any number of partitions. The one that was not listed
 * for the longest time is forgotten first. If its partition is listed again, it is read from its start.
 */
final class InMemoryPositionStore implements PositionStore {

    /** Some megabytes. */
    static final int MOST_UNLISTED = 10_000;

    private final boolean allCycles;
    private final Map<Partition, String> positions = new ConcurrentHashMap<>();

    /** Those of partitions that are not listed now, in the order in which these were last listed. */
    private final Map<Partition, String> unlisted = new LinkedHashMap<>();

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

    @Override
    public synchronized void retain(Collection<Partition> listed) {
        Set<Partition> current = new HashSet<>(listed);
        if (allCycles) {
            positions.forEach((partition, token) -> {
                if (!current.contains(partition)) {
                    unlisted.put(partition, token);
                }
            });
            current.forEach(this::takeBack);
            Iterator<Partition> oldest = unlisted.keySet().iterator();
            for (int over = unlisted.size() - MOST_UNLISTED; over > 0; over--) {
                oldest.next();
                oldest.remove();
            }
        }
        positions.keySet().retainAll(current);
    }

    private void takeBack(Partition partition) {
        String token = unlisted.remove(partition);
        if (token != null) {
            positions.putIfAbsent(partition, token);
        }
    }

    @Override
    public synchronized Map<Partition, String> known() {
        Map<Partition, String> known = new HashMap<>(unlisted);
        known.putAll(positions);
        return known;
    }

    @Override
    public RuntimeException invalid(Partition partition, InvalidTokenException error) {
        return error;
    }
}
