/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One cycle over the partitions. It may take several polls. Thread safe.
 *
 * <ol>
 *   <li>Each partition is taken once per cycle.
 *   <li>A partition that was interrupted comes first in the next poll.
 *   <li>A partition that a member of a group has gained comes first as well.
 *   <li>If no partition is left, the next poll begins a new cycle.
 * </ol>
 */
final class PartitionCycle {

    private final Deque<Partition> waiting = new ArrayDeque<>();
    private Set<Partition> listed = Set.of();

    /** Continues the cycle with the partitions that are listed now, or begins a new one. */
    synchronized void continueWith(Collection<Partition> partitions) {
        Set<Partition> current = new HashSet<>(partitions);
        if (waiting.isEmpty()) {
            waiting.addAll(partitions);
        } else {
            waiting.retainAll(current);
            partitions.stream().filter(partition -> !listed.contains(partition)).forEach(waiting::addLast);
        }
        listed = current;
    }

    /** Has these come first, in this order, as far as they wait. */
    synchronized void prefer(List<Partition> gained) {
        List<Partition> first = new ArrayList<>(gained);
        first.retainAll(new HashSet<>(waiting));
        waiting.removeAll(new HashSet<>(first));
        putBack(first);
    }

    /** Takes the next partition; null if none is left. */
    synchronized @Nullable Partition take() {
        return waiting.pollFirst();
    }

    /** Puts back partitions that were taken and not completed. They come first, in this order. */
    synchronized void putBack(List<Partition> interrupted) {
        for (int i = interrupted.size() - 1; i >= 0; i--) {
            waiting.addFirst(interrupted.get(i));
        }
    }

    synchronized int size() {
        return waiting.size();
    }
}
