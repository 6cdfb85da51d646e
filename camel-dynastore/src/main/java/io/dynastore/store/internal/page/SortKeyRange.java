/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListOptions;
import io.dynastore.store.internal.item.Expressions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The range of a partition that a list reads: sort keys with a prefix, sort keys between two bounds, or all.
 *
 * @param condition the sort key's part of the key condition; null: all sort keys
 * @param prefix the encoded prefix; null if there is none
 * @param from the encoded lower bound, inclusive; null if there is none
 * @param to the encoded upper bound, inclusive; null if there is none
 */
record SortKeyRange(
        @Nullable String condition,
        @Nullable AttributeValue prefix,
        @Nullable AttributeValue from,
        @Nullable AttributeValue to) {

    /** The whole partition. */
    static final SortKeyRange ALL = new SortKeyRange(null, null, null, null);

    static SortKeyRange of(ListOptions options, @Nullable KeyAttribute sortKey, boolean throughIndex) {
        if (!options.bounded()) {
            return ALL;
        }
        if (sortKey == null) {
            throw new InvalidInputException(
                    throughIndex
                            ? "A prefix or range needs the index's sort key: name it by indexSortKeyName."
                            : "The table has no sort key: leave prefix and range out.");
        }
        return options.sortKeyPrefix() != null ? prefix(options.sortKeyPrefix(), sortKey) : range(options, sortKey);
    }

    Map<String, AttributeValue> values() {
        Map<String, AttributeValue> values = new HashMap<>();
        put(values, Expressions.PREFIX, prefix);
        put(values, Expressions.FROM, from);
        put(values, Expressions.TO, to);
        return values;
    }

    /** Whether a sort key is in this range, by the order of the service. */
    boolean contains(AttributeValue sortKey) {
        if (prefix != null) {
            byte[] start = bytes(prefix);
            byte[] key = bytes(sortKey);
            return key.length >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
        }
        return (from == null || compare(sortKey, from) >= 0) && (to == null || compare(sortKey, to) <= 0);
    }

    private static SortKeyRange prefix(String prefix, KeyAttribute sortKey) {
        if (sortKey.type() == KeyType.NUMBER) {
            throw new InvalidInputException("Numbers have no prefix: use sortKeyFrom and sortKeyTo.");
        }
        if (prefix.isEmpty()) {
            throw new InvalidInputException("The sort key prefix is empty: leave it out to list the whole partition.");
        }
        Object value = sortKey.type() == KeyType.BINARY ? prefix.getBytes(StandardCharsets.UTF_8) : prefix;
        return new SortKeyRange(
                Expressions.WITH_PREFIX, sortKey.encode(value, KeyAttribute.LONGEST_SORT_KEY), null, null);
    }

    private static SortKeyRange range(ListOptions options, KeyAttribute sortKey) {
        AttributeValue from = bound(options.sortKeyFrom(), sortKey);
        AttributeValue to = bound(options.sortKeyTo(), sortKey);
        if (from != null && to != null && compare(from, to) > 0) {
            throw new InvalidInputException(
                    "sortKeyFrom lies behind sortKeyTo: exchange them, reverse=true turns the order.");
        }
        String condition =
                from == null ? Expressions.AT_OR_BEFORE : to == null ? Expressions.AT_OR_BEHIND : Expressions.BETWEEN;
        return new SortKeyRange(condition, null, from, to);
    }

    private static @Nullable AttributeValue bound(@Nullable Object value, KeyAttribute sortKey) {
        return value == null ? null : sortKey.encode(Key.of(value).partitionKey(), KeyAttribute.LONGEST_SORT_KEY);
    }

    private static void put(Map<String, AttributeValue> values, String name, @Nullable AttributeValue value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    /** Numbers by value, text by its UTF-8 bytes, bytes unsigned. */
    private static int compare(AttributeValue left, AttributeValue right) {
        return left.n() != null && right.n() != null
                ? new BigDecimal(left.n()).compareTo(new BigDecimal(right.n()))
                : Arrays.compareUnsigned(bytes(left), bytes(right));
    }

    private static byte[] bytes(AttributeValue value) {
        return value.b() != null ? value.b().asByteArrayUnsafe() : value.s().getBytes(StandardCharsets.UTF_8);
    }
}
