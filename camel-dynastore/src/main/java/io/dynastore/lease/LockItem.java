/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A lock's item as the table has it. {@link LockExpressions} shows which write sets which attribute.
 *
 * @param lock whether the item is a lock; if not, the other components mean nothing
 * @param version grows by one with each write
 * @param holder the id of the acquire that holds the lock; null if the lock is free
 * @param owner the owner of the lock, for readers
 * @param until the end of the lease, in milliseconds since 1970
 * @param lease the length of the lease
 * @param fence the token of the latest acquire
 * @param released the id of the acquire that was released last; null if none was
 * @param data the encoded data; null if there is none
 */
record LockItem(
        boolean lock,
        long version,
        @Nullable String holder,
        @Nullable String owner,
        long until,
        Duration lease,
        long fence,
        @Nullable String released,
        @Nullable AttributeValue data) {

    static LockItem of(TableSchema schema, Map<String, AttributeValue> attributes) {
        return new LockItem(
                attributes.containsKey(LockAttributes.LOCK),
                number(attributes.get(schema.version())),
                text(attributes.get(LockAttributes.HOLDER)),
                text(attributes.get(LockAttributes.OWNER)),
                number(attributes.get(LockAttributes.UNTIL)),
                Duration.ofMillis(number(attributes.get(LockAttributes.LEASE))),
                number(attributes.get(LockAttributes.FENCE)),
                text(attributes.get(LockAttributes.RELEASED)),
                attributes.get(schema.payload()));
    }

    boolean held() {
        return holder != null;
    }

    boolean heldBy(String acquire) {
        return acquire.equals(holder);
    }

    boolean releasedBy(String acquire) {
        return acquire.equals(released);
    }

    Instant end() {
        return Instant.ofEpochMilli(until);
    }

    private static @Nullable String text(@Nullable AttributeValue value) {
        return value == null ? null : value.s();
    }

    /** If the value is not a number, no lock wrote it, and it counts as zero. */
    private static long number(@Nullable AttributeValue value) {
        return value == null || value.n() == null ? 0 : new BigDecimal(value.n()).longValue();
    }
}
