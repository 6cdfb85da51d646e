/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item as the table has it, seen as an item of a queue. {@link ClaimExpressions} shows which write sets which
 * attribute.
 *
 * @param schema the layout of the table
 * @param attributes all or part of the item's attributes, with those of its key
 */
record QueueItem(TableSchema schema, Map<String, AttributeValue> attributes) {

    Map<String, AttributeValue> key() {
        Map<String, AttributeValue> key = new HashMap<>(4);
        copyTo(key, schema.partitionKey().name());
        if (schema.sortKey() != null) {
            copyTo(key, schema.sortKey().name());
        }
        return key;
    }

    private void copyTo(Map<String, AttributeValue> key, String name) {
        AttributeValue value = attributes.get(name);
        if (value != null) {
            key.put(name, value);
        }
    }

    /** The version as it is stored; null if there is none. */
    @Nullable
    AttributeValue version() {
        return attributes.get(schema.version());
    }

    /** Whether a claim can raise the version: it is missing, or a whole number with a successor. */
    boolean versionCounts() {
        AttributeValue version = version();
        if (version == null) {
            return true;
        }
        try {
            return version.n() != null && new BigDecimal(version.n()).longValueExact() < Long.MAX_VALUE;
        } catch (NumberFormatException | ArithmeticException e) {
            return false;
        }
    }

    long versionNumber() {
        return number(schema.version(), 0);
    }

    /** The expiry as it is stored; null if there is none. */
    @Nullable
    AttributeValue expires() {
        return attributes.get(schema.expires());
    }

    /** Whether it is a lock, which is no item of a queue. */
    boolean lock() {
        return attributes.containsKey(LockAttributes.LOCK);
    }

    boolean heldBy(String claim) {
        AttributeValue holder = attributes.get(QueueAttributes.HOLDER);
        return holder != null && claim.equals(holder.s());
    }

    /** The end of the claim, in milliseconds since 1970; 0 if the item is not claimed. */
    long until() {
        return number(QueueAttributes.UNTIL, 0);
    }

    /** How many deliveries it has had. */
    long count() {
        return number(QueueAttributes.COUNT, 0);
    }

    /** From when it may be claimed, in milliseconds since 1970; 0 if at once. */
    long from() {
        return number(QueueAttributes.FROM, 0);
    }

    /** The token of its latest claim, or of a later fenced write; 0 if there was none. */
    long fence() {
        return number(LockAttributes.FENCE, 0);
    }

    /** Whether it was marked dead, and not written since. */
    boolean dead() {
        return attributes.containsKey(QueueAttributes.DEAD) && number(QueueAttributes.DEAD, 0) == versionNumber();
    }

    /** Whether it was marked dead, and written since. So its deliveries begin again. */
    boolean revived() {
        return attributes.containsKey(QueueAttributes.DEAD) && !dead();
    }

    /** If the value is not a number, no claim wrote it, and it counts as missing. */
    private long number(String name, long missing) {
        AttributeValue value = attributes.get(name);
        return value == null || value.n() == null ? missing : new BigDecimal(value.n()).longValue();
    }
}
