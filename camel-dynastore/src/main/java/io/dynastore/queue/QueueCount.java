/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many items a work queue has, by state.
 *
 * @param due the number of items that can be claimed now
 * @param delayed the number of items that can be claimed later
 * @param inFlight the number of items in flight
 * @param dead the number of dead items
 * @param oldestDue since when the item can be claimed that has waited for the longest time; null if none is due, or if
 *     due items have no such time, since another program wrote them
 * @param complete whether all items were counted; if not, each number is a lower bound
 */
public record QueueCount(
        long due,
        long delayed,
        long inFlight,
        long dead,
        @Nullable Instant oldestDue,
        boolean complete) {

    /** No items. */
    public static final QueueCount NONE = new QueueCount(0, 0, 0, 0, null, true);

    /** The number of items in a state. */
    public long of(QueueState state) {
        return switch (state) {
            case DUE -> due;
            case DELAYED -> delayed;
            case IN_FLIGHT -> inFlight;
            case DEAD -> dead;
        };
    }

    QueueCount plus(QueuePage page, boolean all) {
        Map<QueueState, Long> found = page.items().stream()
                .collect(Collectors.groupingBy(
                        QueuedItem::state, () -> new EnumMap<>(QueueState.class), Collectors.counting()));
        Instant oldest = page.items().stream()
                .filter(item -> item.state() == QueueState.DUE)
                .map(QueuedItem::due)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        return plus(new QueueCount(
                found.getOrDefault(QueueState.DUE, 0L),
                found.getOrDefault(QueueState.DELAYED, 0L),
                found.getOrDefault(QueueState.IN_FLIGHT, 0L),
                found.getOrDefault(QueueState.DEAD, 0L),
                oldest,
                all));
    }

    /** The same counts, and what the index says about the oldest item. */
    QueueCount withOldest(@Nullable Instant inIndex) {
        return new QueueCount(due, delayed, inFlight, dead, earlier(oldestDue, inIndex), complete);
    }

    /** The sum of the counts of two partitions. */
    public QueueCount plus(QueueCount other) {
        return new QueueCount(
                due + other.due,
                delayed + other.delayed,
                inFlight + other.inFlight,
                dead + other.dead,
                earlier(oldestDue, other.oldestDue),
                complete && other.complete);
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
