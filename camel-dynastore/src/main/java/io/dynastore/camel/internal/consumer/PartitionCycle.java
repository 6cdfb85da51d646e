/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the partitions, which may take several polls: a partition that was interrupted comes first in the next one. When
 * all have had their turn, the next poll begins a new pass. Thread safe.
 */
public final class PartitionCycle {

    private final Deque<Partition> waiting = new ArrayDeque<>();
    private Set<Partition> listed = Set.of();

    /** Goes on with the pass, or begins a new one, over the partitions that there are now. */
    public synchronized void goOn(Collection<Partition> now) {
        Set<Partition> current = new HashSet<>(now);
        if (waiting.isEmpty()) {
            waiting.addAll(now);
        } else {
            waiting.retainAll(current);
            now.stream().filter(partition -> !listed.contains(partition)).forEach(waiting::addLast);
        }
        listed = current;
    }

    /** The next partition, which is taken out; null if all have had their turn. */
    synchronized @Nullable Partition take() {
        return waiting.pollFirst();
    }

    /** Puts partitions back that were taken and not finished, in this order. */
    synchronized void putBack(List<Partition> interrupted) {
        for (int i = interrupted.size() - 1; i >= 0; i--) {
            waiting.addFirst(interrupted.get(i));
        }
    }

    synchronized int size() {
        return waiting.size();
    }
}
