/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A partition that one member has freed for another. It is an element of a set in the other member's item.
 *
 * @param lease the name of its lease
 * @param token the token of the lease that was freed. So each element is written once
 */
record FreedPartition(String lease, long token) {

    /** Reads the elements in the item of a member. What is no such element is left out. */
    static Set<FreedPartition> of(Map<String, AttributeValue> item) {
        AttributeValue value = item.get(GroupExpressions.GIVEN);
        if (value == null || !value.hasSs()) {
            return Set.of();
        }
        Set<FreedPartition> freed = new HashSet<>();
        for (String text : value.ss()) {
            FreedPartition one = of(text);
            if (one != null) {
                freed.add(one);
            }
        }
        return freed;
    }

    private static @Nullable FreedPartition of(String text) {
        int slash = text.indexOf('/');
        try {
            return slash < 0 ? null : new FreedPartition(text.substring(slash + 1), Long.parseLong(text, 0, slash, 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The set of these elements. */
    static AttributeValue set(Collection<FreedPartition> freed) {
        List<String> texts = freed.stream().map(FreedPartition::text).sorted().toList();
        return AttributeValue.fromSs(texts);
    }

    private String text() {
        return token + "/" + lease;
    }
}
