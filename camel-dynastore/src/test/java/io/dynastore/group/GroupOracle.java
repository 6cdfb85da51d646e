/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.LockAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Checks the guarantees of groups at every write that is applied and at every delivery. */
final class GroupOracle {

    /** What may be broken. */
    enum Rule {
        ONE_READER,
        POSITION_NEVER_BACK,
        POSITION_OF_THE_HOLDER,
        TOKENS_GROW,
        ORDER,
        NOTHING_SKIPPED,
        CLEAN_HAND_OVER,
        BALANCE,
        IN_TIME,
        NOTHING_REFUSED,
        FORGOTTEN
    }

    /** A partition, as far as the checks need it. */
    private static final class Checked {
        private long fence;
        private int processed;
        private final Map<String, Integer> delivered = new HashMap<>();
    }

    private final Map<Rule, String> broken = new TreeMap<>();
    private final Map<String, Checked> partitions = new HashMap<>();
    private final boolean clocksAreRight;
    int deliveries;
    int repeated;
    int acquired;
    int freed;

    GroupOracle(boolean clocksAreRight) {
        this.clocksAreRight = clocksAreRight;
    }

    Map<Rule, String> broken() {
        return broken;
    }

    void broke(Rule rule, String how) {
        broken.putIfAbsent(rule, how);
    }

    private Checked of(String partition) {
        return partitions.computeIfAbsent(partition, name -> new Checked());
    }

    /** How many items of a partition have been processed, without a gap. */
    int processed(String partition) {
        return of(partition).processed;
    }

    /**
     * A write of a lease was applied.
     *
     * @param before the item before; null if there was none
     */
    void applied(
            String partition,
            UpdateItemRequest request,
            @Nullable Map<String, AttributeValue> before,
            Map<String, AttributeValue> after) {
        Checked checked = of(partition);
        String writer = text(request.expressionAttributeValues(), ":me");
        String holder = before == null ? null : text(before, LockAttributes.HOLDER);
        int was = before == null ? 0 : position(before);
        int now = position(after);
        if (now < was) {
            broke(Rule.POSITION_NEVER_BACK, partition + " from " + was + " to " + now + " by " + writer);
        }
        if (now != was && (writer == null || !writer.equals(holder))) {
            broke(Rule.POSITION_OF_THE_HOLDER, partition + " to " + now + " by " + writer + ", not " + holder);
        }
        if (now > checked.processed) {
            broke(Rule.NOTHING_SKIPPED, partition + " to " + now + " of " + checked.processed + " processed");
        }
        String update = request.updateExpression();
        if (update.contains("#holder = :me")) {
            acquired++;
            long fence = LeaseItem.number(after, LockAttributes.FENCE);
            if (fence <= checked.fence) {
                broke(Rule.TOKENS_GROW, partition + " from " + checked.fence + " to " + fence);
            }
            checked.fence = fence;
        }
        if (update.contains("#released = :me") && writer != null) {
            freed++;
            int next = checked.delivered.getOrDefault(writer, 0);
            if (next > now) {
                broke(Rule.CLEAN_HAND_OVER, partition + " freed at " + now + ", delivered up to " + next);
            }
        }
    }

    /**
     * An item is delivered.
     *
     * @param stored the lease as the table has it
     */
    void delivered(String partition, String holder, int index, @Nullable Map<String, AttributeValue> stored) {
        Checked checked = of(partition);
        deliveries++;
        String current = stored == null ? null : text(stored, LockAttributes.HOLDER);
        if (clocksAreRight && !holder.equals(current)) {
            broke(Rule.ONE_READER, partition + " item " + index + " by " + holder + ", held by " + current);
        }
        if (index > checked.processed) {
            broke(Rule.NOTHING_SKIPPED, partition + " item " + index + " before " + checked.processed);
        }
        if (index < checked.processed) {
            repeated++;
        }
        Integer last = checked.delivered.put(holder, index + 1);
        if (last != null && last != index) {
            broke(Rule.ORDER, partition + " item " + index + " after " + (last - 1));
        }
    }

    /** The exchange of an item has ended. */
    void processed(String partition, int index) {
        Checked checked = of(partition);
        checked.processed = Math.max(checked.processed, index + 1);
    }

    private static int position(Map<String, AttributeValue> item) {
        String position = text(item, "payload");
        return position == null ? 0 : Integer.parseInt(position);
    }

    static @Nullable String text(Map<String, AttributeValue> item, String name) {
        return LeaseItem.text(item, name);
    }
}
