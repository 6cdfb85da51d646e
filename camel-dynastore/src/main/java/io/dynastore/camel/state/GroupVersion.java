/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.time.Instant;
import java.util.Map;
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
 */
record GroupVersion(
        String key,
        @Nullable String write,
        boolean live,
        String partsId,
        int parts,
        long due,
        @Nullable String owner) {

    static final String PROPERTY = "CamelDynaStoreAggregatedGroup";

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
                owner == null ? null : owner.s());
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
