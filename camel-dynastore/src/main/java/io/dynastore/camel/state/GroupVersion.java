/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A group as it was read or written. The exchange of the group carries it in a property.
 *
 * @param key the correlation key
 * @param write the id of the write that it comes from; null if there was no item
 * @param live whether the item is a group, and not the rest of a completed or expired one
 * @param partsId the id of its parts; empty if it has none
 * @param parts the number of its parts
 * @param due when its time-out is over, in milliseconds; 0 if it has none
 * @param owner the process that wrote it; null if there was no item
 * @param history the ids of the last writes, up to this one, the oldest first
 */
record GroupVersion(
        String key,
        @Nullable String write,
        boolean live,
        String partsId,
        int parts,
        long due,
        @Nullable String owner,
        List<String> history) {

    static final String PROPERTY = "CamelDynaStoreAggregatedGroup";

    /** A write whose response was lost is found in the item, unless this many others have come since. */
    static final int LONGEST_HISTORY = 16;

    /**
     * The version of an item.
     *
     * @param expiresName the expiry attribute
     */
    static GroupVersion of(String key, Map<String, AttributeValue> item, String expiresName, Instant now) {
        AttributeValue write = item.get(AggregationWrites.WRITE);
        AttributeValue owner = item.get(AggregationWrites.OWNER);
        return new GroupVersion(
                key,
                write == null ? null : write.s(),
                write != null && isLive(item, expiresName, now),
                StoredContent.partsId(item),
                StoredContent.partsOf(item),
                number(item.get(AggregationWrites.DUE)),
                owner == null ? null : owner.s(),
                history(item));
    }

    private static List<String> history(Map<String, AttributeValue> item) {
        AttributeValue history = item.get(AggregationWrites.HISTORY);
        return history == null || !history.hasL()
                ? List.of()
                : history.l().stream().map(AttributeValue::s).toList();
    }

    /** The history after one more write. */
    List<String> historyWith(String next) {
        int first = Math.max(0, history.size() + 1 - LONGEST_HISTORY);
        return Stream.concat(history.stream(), Stream.of(next)).skip(first).toList();
    }

    /** Whether a write was applied, as far back as the history goes. */
    boolean includes(String id) {
        return history.contains(id);
    }

    /** Whether the history has each write since an earlier version. */
    boolean knowsAllSince(GroupVersion earlier) {
        return earlier.write() == null ? history.size() < LONGEST_HISTORY : write == null || includes(earlier.write());
    }

    /** Whether an item is a group that has not expired. */
    static boolean isLive(Map<String, AttributeValue> item, String expiresName, Instant now) {
        long expires = number(item.get(expiresName));
        return !item.containsKey(AggregationWrites.GONE) && (expires == 0 || expires >= now.getEpochSecond());
    }

    /** The number in an attribute; 0 if there is none. */
    static long number(@Nullable AttributeValue attribute) {
        return attribute == null || attribute.n() == null ? 0 : Long.parseLong(attribute.n());
    }
}
