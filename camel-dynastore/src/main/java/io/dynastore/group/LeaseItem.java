/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The lease of a partition as the table has it. {@link GroupExpressions} shows which write sets which attribute.
 *
 * @param partition the partition, by the name of its lease
 * @param version grows by one with each write of an owner
 * @param holder the id of the acquire that holds the lease; null if the partition is free
 * @param owner the member that holds the lease; null if the partition is free
 * @param until the end of the lease, in milliseconds since 1970
 * @param lease the length of the lease, in milliseconds
 * @param fence the token of the latest lease
 * @param released the id of the acquire that was freed last; null if none was
 * @param seq the number of the latest checkpoint
 * @param position the position; null at the start of the partition
 * @param want the member that asked for the partition last; null if none has
 * @param keptFor the member that a free partition is kept for; null if anybody may take it
 * @param keptUntil until when it is kept, in milliseconds since 1970
 */
record LeaseItem(
        String partition,
        long version,
        @Nullable String holder,
        @Nullable String owner,
        long until,
        long lease,
        long fence,
        @Nullable String released,
        long seq,
        @Nullable String position,
        @Nullable String want,
        @Nullable String keptFor,
        long keptUntil) {

    /** Reads an item. */
    static LeaseItem of(TableSchema schema, String partition, Map<String, AttributeValue> item) {
        return new LeaseItem(
                partition,
                number(item, schema.version()),
                text(item, LockAttributes.HOLDER),
                text(item, LockAttributes.OWNER),
                number(item, LockAttributes.UNTIL),
                number(item, LockAttributes.LEASE),
                number(item, LockAttributes.FENCE),
                text(item, LockAttributes.RELEASED),
                number(item, GroupExpressions.SEQ),
                text(item, schema.payload()),
                text(item, GroupExpressions.WANT),
                text(item, GroupExpressions.FOR),
                number(item, GroupExpressions.FOR_UNTIL));
    }

    boolean heldBy(String acquire) {
        return acquire.equals(holder);
    }

    static @Nullable String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    /** If the value is not a number, no member wrote it, and it counts as zero. */
    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null || value.n() == null) {
            return 0;
        }
        try {
            return Long.parseLong(value.n());
        } catch (NumberFormatException e) {
            return new BigDecimal(value.n()).longValue();
        }
    }
}
