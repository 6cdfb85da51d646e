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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The range of a partition that a list reads: sort keys with a prefix, sort keys between two bounds, or all. If the
 * sort key consists of several attributes, the prefix or range is of the last one that is given a value. Those before
 * it are equal to theirs, and those behind it are free.
 *
 * @param leading the encoded values of the attributes before that one
 * @param condition that attribute's part of the key condition; null: all sort keys
 * @param prefix the encoded prefix; null if there is none
 * @param from the encoded lower bound, inclusive; null if there is none
 * @param to the encoded upper bound, inclusive; null if there is none
 */
record SortKeyRange(
        List<AttributeValue> leading,
        @Nullable String condition,
        @Nullable AttributeValue prefix,
        @Nullable AttributeValue from,
        @Nullable AttributeValue to) {

    /** The whole partition. */
    static final SortKeyRange ALL = new SortKeyRange(List.of(), null, null, null, null);

    /**
     * The range that the options ask for.
     *
     * @param sortKeys the attributes of the sort key, in their order
     * @throws InvalidInputException naming the option and the remedy
     */
    static SortKeyRange of(ListOptions options, List<KeyAttribute> sortKeys, boolean throughIndex) {
        if (!options.bounded()) {
            return ALL;
        }
        if (sortKeys.isEmpty()) {
            throw new InvalidInputException(
                    throughIndex
                            ? "A prefix or range needs the index's sort key: name it by indexSortKeyName."
                            : "The table has no sort key: leave prefix and range out.");
        }
        return options.sortKeyPrefix() != null ? prefix(options.sortKeyPrefix(), sortKeys) : range(options, sortKeys);
    }

    /** Whether this is a part of a partition. */
    boolean bounded() {
        return condition != null;
    }

    /** The sort key's part of the key condition. */
    String conditions() {
        String all = String.valueOf(condition);
        for (int i = leading.size() - 1; i >= 0; i--) {
            all = Expressions.and(Expressions.sortKeyIs(i), all);
        }
        return all;
    }

    /**
     * The attribute names in the condition.
     *
     * @param sortKeys the attributes of the sort key, in their order
     */
    Map<String, String> names(List<KeyAttribute> sortKeys) {
        Map<String, String> names = new HashMap<>();
        if (bounded()) {
            names.put(Expressions.SORT_KEY, sortKeys.get(leading.size()).name());
        }
        for (int i = 0; i < leading.size(); i++) {
            names.put(Expressions.SORT_KEY + i, sortKeys.get(i).name());
        }
        return names;
    }

    Map<String, AttributeValue> values() {
        Map<String, AttributeValue> values = new HashMap<>();
        put(values, Expressions.PREFIX, prefix);
        put(values, Expressions.FROM, from);
        put(values, Expressions.TO, to);
        for (int i = 0; i < leading.size(); i++) {
            values.put(Expressions.SORT_KEY_VALUE + i, leading.get(i));
        }
        return values;
    }

    /**
     * Whether a position is in this range, by the order of the service.
     *
     * @param position the attributes of the position
     * @param sortKeys the attributes of the sort key, in their order
     */
    boolean contains(Map<String, AttributeValue> position, List<KeyAttribute> sortKeys) {
        if (!bounded()) {
            return true;
        }
        for (int i = 0; i < leading.size(); i++) {
            AttributeValue at = position.get(sortKeys.get(i).name());
            if (at == null || compare(at, leading.get(i)) != 0) {
                return false;
            }
        }
        AttributeValue last = position.get(sortKeys.get(leading.size()).name());
        return last != null && contains(last);
    }

    private boolean contains(AttributeValue value) {
        if (prefix != null) {
            byte[] start = bytes(prefix);
            byte[] key = bytes(value);
            return key.length >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
        }
        return (from == null || compare(value, from) >= 0) && (to == null || compare(value, to) <= 0);
    }

    private static SortKeyRange prefix(Object given, List<KeyAttribute> sortKeys) {
        List<?> values = values(given, sortKeys, "sortKeyPrefix");
        int last = values.size() - 1;
        KeyAttribute attribute = sortKeys.get(last);
        if (attribute.type() == KeyType.NUMBER) {
            throw new InvalidInputException("Numbers have no prefix: use sortKeyFrom and sortKeyTo.");
        }
        Object prefix = values.get(last);
        if ("".equals(prefix)) {
            throw new InvalidInputException("The sort key prefix is empty: leave it out to list the whole partition.");
        }
        Object value = attribute.type() == KeyType.BINARY && prefix instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : prefix;
        return new SortKeyRange(
                leading(values, sortKeys),
                Expressions.WITH_PREFIX,
                attribute.encode(value, KeyAttribute.LONGEST_SORT_KEY),
                null,
                null);
    }

    private static SortKeyRange range(ListOptions options, List<KeyAttribute> sortKeys) {
        List<?> lower = options.sortKeyFrom() == null ? null : values(options.sortKeyFrom(), sortKeys, "sortKeyFrom");
        List<?> upper = options.sortKeyTo() == null ? null : values(options.sortKeyTo(), sortKeys, "sortKeyTo");
        List<?> either = lower == null ? upper : lower;
        if (either == null) {
            return ALL;
        }
        KeyAttribute attribute = sortKeys.get(either.size() - 1);
        List<AttributeValue> leading = leading(either, sortKeys);
        if (lower != null && upper != null) {
            checkLeading(leading, upper, sortKeys);
        }
        AttributeValue from = bound(lower, attribute);
        AttributeValue to = bound(upper, attribute);
        if (from != null && to != null && compare(from, to) > 0) {
            throw new InvalidInputException(
                    "sortKeyFrom lies behind sortKeyTo: exchange them, reverse=true turns the order.");
        }
        String condition =
                from == null ? Expressions.AT_OR_BEFORE : to == null ? Expressions.AT_OR_BEHIND : Expressions.BETWEEN;
        return new SortKeyRange(leading, condition, null, from, to);
    }

    /** The bounds differ in the last attribute that they name, and in no other. */
    private static void checkLeading(List<AttributeValue> leading, List<?> upper, List<KeyAttribute> sortKeys) {
        if (upper.size() != leading.size() + 1) {
            throw new InvalidInputException("sortKeyFrom has " + (leading.size() + 1) + " values and sortKeyTo "
                    + upper.size() + ": a range is of one attribute of the sort key. Give both the same number.");
        }
        List<AttributeValue> other = leading(upper, sortKeys);
        for (int i = 0; i < leading.size(); i++) {
            if (compare(leading.get(i), other.get(i)) != 0) {
                throw new InvalidInputException("sortKeyFrom and sortKeyTo have different values for '"
                        + sortKeys.get(i).name() + "', and a range is of the last attribute that they name, '"
                        + sortKeys.get(leading.size()).name() + "'. Give the same value, or end both with '"
                        + sortKeys.get(i).name() + "'.");
            }
        }
    }

    private static List<?> values(Object given, List<KeyAttribute> sortKeys, String option) {
        List<?> values = given instanceof List<?> several ? several : List.of(given);
        if (values.isEmpty() || values.size() > sortKeys.size()) {
            throw new InvalidInputException(option + " has " + values.size() + " values for the sort key ("
                    + sortKeys.stream().map(KeyAttribute::name).collect(Collectors.joining(", "))
                    + "): give one for each attribute, or for the first ones.");
        }
        return values;
    }

    private static List<AttributeValue> leading(List<?> values, List<KeyAttribute> sortKeys) {
        if (values.size() == 1) {
            return List.of();
        }
        List<AttributeValue> leading = new ArrayList<>();
        for (int i = 0; i < values.size() - 1; i++) {
            leading.add(encoded(values.get(i), sortKeys.get(i)));
        }
        return List.copyOf(leading);
    }

    private static @Nullable AttributeValue bound(@Nullable List<?> values, KeyAttribute attribute) {
        return values == null ? null : encoded(values.get(values.size() - 1), attribute);
    }

    private static AttributeValue encoded(@Nullable Object value, KeyAttribute attribute) {
        return attribute.encode(value == null ? null : Key.of(value).partitionKey(), KeyAttribute.LONGEST_SORT_KEY);
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
