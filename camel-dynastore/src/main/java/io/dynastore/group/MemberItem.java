/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A member as the table has it.
 *
 * @param name the name of the member
 * @param version grows by one with each sign of life
 * @param until until when it counts as living, in milliseconds since 1970
 * @param most the most partitions that it takes; 0 while it is suspended
 * @param kind what it shares, for readers
 * @param joined when it has joined, in milliseconds since 1970
 * @param given what others have freed for it: see {@link FreedPartition}
 */
record MemberItem(
        String name, long version, long until, int most, String kind, long joined, Set<FreedPartition> given) {

    /** Reads an item. */
    static MemberItem of(TableSchema schema, String name, Map<String, AttributeValue> item) {
        String kind = LeaseItem.text(item, GroupExpressions.KIND);
        return new MemberItem(
                name,
                LeaseItem.number(item, schema.version()),
                LeaseItem.number(item, LockAttributes.UNTIL),
                (int) Math.min(Integer.MAX_VALUE, LeaseItem.number(item, GroupExpressions.MOST)),
                kind == null ? "" : kind,
                LeaseItem.number(item, GroupExpressions.JOINED),
                FreedPartition.of(item));
    }

    /** Whether this member was there before another one. No two members are each before the other. */
    boolean before(MemberItem other) {
        return joined == other.joined ? name.compareTo(other.name) < 0 : joined < other.joined;
    }
}
