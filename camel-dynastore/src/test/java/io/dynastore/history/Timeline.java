/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The incarnation of one item: its states in order, and between which instants each change must have happened.
 *
 * <p>The stream gives the order but no times that would be exact enough. The clients give times: a change happened
 * after the write that made it had begun, and the first change that a write made happened before its success was
 * reported. As the changes happened in the stream's order, each of these bounds holds for all later, or all earlier
 * changes as well.
 *
 * <p>State 0 is what was there before the first change, state n what the n-th change left.
 */
final class Timeline {

    private final String key;
    private final List<Change> changes;
    private final Map<String, List<Integer>> applied = new HashMap<>();
    private final long[] earliest;
    private final long[] latest;

    Timeline(String key, List<Change> changes, List<ClientOperation> operations) {
        this.key = key;
        this.changes = changes;
        for (int i = 0; i < changes.size(); i++) {
            String writeId = changes.get(i).writeId();
            if (writeId != null) {
                applied.computeIfAbsent(writeId, id -> new ArrayList<>()).add(i);
            }
        }
        this.earliest = new long[changes.size()];
        this.latest = new long[changes.size()];
        Arrays.fill(earliest, Long.MIN_VALUE);
        Arrays.fill(latest, Long.MAX_VALUE);
        bound(operations);
    }

    String key() {
        return key;
    }

    List<Change> changes() {
        return changes;
    }

    /** At which positions among the changes a write was applied. */
    List<Integer> applied(String writeId) {
        return applied.getOrDefault(writeId, List.of());
    }

    /** Whether there was, between the two instants, a time at which the item may have been like this. */
    boolean wasCurrent(long start, long end, Predicate<@Nullable ItemState> like) {
        return wasCurrent(start, end, changes.size(), like);
    }

    /** The same, asked of the states up to one of them. */
    boolean wasCurrent(long start, long end, int last, Predicate<@Nullable ItemState> like) {
        // States come and go in order, so those that fit the window are neighbours.
        for (int state = firstNotGoneBefore(start); state <= last && begins(state) <= end; state++) {
            if (like.test(state(state))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the item may have been removed by this instant, after it was in this state. */
    boolean removedBy(long end, ItemState seen) {
        int removal = changes.size();
        for (int i = changes.size() - 1; i >= 0; i--) {
            if (changes.get(i).after() == null) {
                removal = i;
            }
            if (seen.equals(changes.get(i).before())) {
                return removal < changes.size() && earliest[removal] <= end;
            }
        }
        return false;
    }

    /**
     * The ids of the writes that were applied after the item was in this state, as far as they may have been by this
     * instant.
     *
     * @param seen null: of all
     */
    List<String> writesBetween(@Nullable ItemState seen, long end) {
        List<String> ids = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0; i--) {
            String writeId = changes.get(i).writeId();
            if (writeId != null && earliest[i] <= end) {
                ids.add(writeId);
            }
            if (seen != null && seen.equals(changes.get(i).before())) {
                return ids;
            }
        }
        return ids;
    }

    /**
     * Whether a write that was applied before, in another incarnation, was applied again in the incarnation of this
     * change: so that two incarnations may have one name.
     */
    boolean inRepeatedIncarnation(int position) {
        for (int i = position; i >= 0; i--) {
            String writeId = changes.get(i).writeId();
            if (writeId != null && removedBetween(applied(writeId).get(0), i)) {
                return true;
            }
            if (changes.get(i).before() == null) {
                return false;
            }
        }
        return false;
    }

    /** Whether the item was removed between the two positions among the changes. */
    boolean removedBetween(int position, int later) {
        return changes.subList(position, later).stream().anyMatch(change -> change.after() == null);
    }

    private @Nullable ItemState state(int state) {
        if (state > 0) {
            return changes.get(state - 1).after();
        }
        return changes.isEmpty() ? null : changes.get(0).before();
    }

    private long begins(int state) {
        return state == 0 ? Long.MIN_VALUE : earliest[state - 1];
    }

    private int firstNotGoneBefore(long instant) {
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (latest[middle] < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void bound(List<ClientOperation> operations) {
        Set<ItemState> removals = new HashSet<>();
        Map<ItemState, Integer> removed = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            ItemState before = changes.get(i).before();
            if (changes.get(i).after() == null && before != null && removals.add(before)) {
                removed.put(before, i);
            }
        }
        for (ClientOperation operation : operations) {
            if (operation.kind() == ClientOperation.Kind.DELETE) {
                Integer position = operation.expected() == null ? null : removed.get(operation.expected());
                if (position != null && operation.done()) {
                    latest[position] = Math.min(latest[position], operation.end());
                }
            } else if (operation.kind().writesPayload()) {
                List<Integer> positions = applied(operation.writeId());
                positions.forEach(position -> earliest[position] = operation.start());
                if (operation.done() && !positions.isEmpty()) {
                    latest[positions.get(0)] = operation.end();
                }
            }
        }
        for (int i = 1; i < changes.size(); i++) {
            earliest[i] = Math.max(earliest[i], earliest[i - 1]);
        }
        for (int i = changes.size() - 2; i >= 0; i--) {
            latest[i] = Math.min(latest[i], latest[i + 1]);
        }
    }
}
