/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.FieldFilter;
import io.dynastore.store.FieldFilter.Comparison;
import io.dynastore.store.FieldFilter.Operator;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One comparison of a filter: as an expression for the service, and as a test of items that were read by key. Both say
 * the same. Immutable.
 *
 * @param path the names from the item to the value
 * @param operator how it is compared
 * @param value the encoded value; null if the operator takes none
 */
public record FieldCondition(
        List<String> path, Operator operator, @Nullable AttributeValue value) {

    /**
     * The comparisons of a filter.
     *
     * @throws io.dynastore.store.InvalidInputException if DynamoDB can't hold a value
     */
    public static List<FieldCondition> of(TableContext table, FieldFilter filter) {
        return filter.comparisons().stream()
                .map(comparison -> new FieldCondition(
                        comparison.path(table.schema()), comparison.operator(), encoded(table, comparison)))
                .toList();
    }

    private static @Nullable AttributeValue encoded(TableContext table, Comparison comparison) {
        return comparison.operator().compares() ? table.codec().encodeField(comparison.value()) : null;
    }

    /** The attribute that the comparison reads. */
    public String attribute() {
        return path.get(0);
    }

    /**
     * The expression.
     *
     * @param number differs from that of each other comparison
     * @param names receives the names in it
     * @param values receives the value in it
     */
    String text(int number, Map<String, String> names, Map<String, AttributeValue> values) {
        StringJoiner place = new StringJoiner(".");
        for (int i = 0; i < path.size(); i++) {
            String name = "#c" + number + "_" + i;
            names.put(name, path.get(i));
            place.add(name);
        }
        String bound = ":c" + number;
        if (value != null) {
            values.put(bound, value);
        }
        return switch (operator) {
            case EXISTS -> "attribute_exists(" + place + ")";
            case ABSENT -> "attribute_not_exists(" + place + ")";
            case BEGINS_WITH -> "begins_with(" + place + "," + bound + ")";
            case NOT_EQUAL -> place + "<>" + bound;
            case EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> place + operator.text() + bound;
        };
    }

    /** Whether an item fulfils all of these. */
    public static boolean all(List<FieldCondition> conditions, Map<String, AttributeValue> item) {
        return conditions.stream().allMatch(condition -> condition.test(item));
    }

    private boolean test(Map<String, AttributeValue> item) {
        AttributeValue found = found(item);
        return switch (operator) {
            case EXISTS -> found != null;
            case ABSENT -> found == null;
            case EQUAL -> found != null && isSame(found);
            case NOT_EQUAL -> found == null || !isSame(found);
            case BEGINS_WITH -> found != null && begins(found);
            case LESS -> found != null && isOrdered(found) && order(found) < 0;
            case AT_MOST -> found != null && isOrdered(found) && order(found) <= 0;
            case GREATER -> found != null && isOrdered(found) && order(found) > 0;
            case AT_LEAST -> found != null && isOrdered(found) && order(found) >= 0;
        };
    }

    private @Nullable AttributeValue found(Map<String, AttributeValue> item) {
        AttributeValue found = item.get(path.get(0));
        for (String name : path.subList(1, path.size())) {
            found = found == null || !found.hasM() ? null : found.m().get(name);
        }
        return found;
    }

    private boolean isSame(AttributeValue found) {
        return isOrdered(found) ? order(found) == 0 : found.equals(value);
    }

    /** Whether both are text, both numbers or both bytes. */
    private boolean isOrdered(AttributeValue found) {
        AttributeValue.Type type = found.type();
        return type == wanted().type()
                && (type == AttributeValue.Type.S || type == AttributeValue.Type.N || type == AttributeValue.Type.B);
    }

    private int order(AttributeValue found) {
        return found.n() != null
                ? new BigDecimal(found.n()).compareTo(new BigDecimal(wanted().n()))
                : Arrays.compareUnsigned(bytes(found), bytes(wanted()));
    }

    private boolean begins(AttributeValue found) {
        if (!isOrdered(found)) {
            return false;
        }
        byte[] prefix = bytes(wanted());
        byte[] whole = bytes(found);
        return whole.length >= prefix.length && Arrays.equals(whole, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] bytes(AttributeValue value) {
        SdkBytes bytes = value.b() != null ? value.b() : SdkBytes.fromUtf8String(value.s());
        return bytes.asByteArrayUnsafe();
    }

    private AttributeValue wanted() {
        return Objects.requireNonNull(value);
    }

    /** The expression of all of these; null if there is none. */
    public static @Nullable String text(
            List<FieldCondition> conditions, Map<String, String> names, Map<String, AttributeValue> values) {
        return IntStream.range(0, conditions.size())
                .mapToObj(number -> conditions.get(number).text(number, names, values))
                .reduce((left, right) -> left + " AND " + right)
                .orElse(null);
    }
}
