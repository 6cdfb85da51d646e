/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a list reads: a range of one partition of a table or an index, or a segment of the whole table or index.
 *
 * <p>Decision 3 in docs/decisions has the reasons.
 *
 * @param schema the table
 * @param index the index; null: the list reads the table
 * @param partition the encoded values of the partition key's attributes; null if the list reads a segment
 * @param segment the segment; null if the list reads a partition
 * @param range the range of the partition
 */
record ListQuery(
        TableSchema schema,
        @Nullable IndexSchema index,
        @Nullable List<AttributeValue> partition,
        @Nullable Segment segment,
        SortKeyRange range) {

    /** Map capacity for most positions, which consist of the keys of a table and an index. */
    private static final int SMALL = 4;

    /**
     * Resolves and checks the options of a call.
     *
     * @throws InvalidInputException if the partition key is missing, or a bound does not fit the sort key
     */
    static ListQuery of(TableSchema schema, ListCall call) {
        IndexSchema index = IndexSchema.of(schema, call.options());
        if (call.segment() != null) {
            call.options().filter().check(schema, name -> false);
            return whole(schema, index, call.options(), call.segment());
        }
        List<KeyAttribute> sortKeys = sortKeys(schema, index);
        try {
            ListQuery query = new ListQuery(
                    schema,
                    index,
                    partition(index == null ? List.of(schema.partitionKey()) : index.partitionKeys(), call),
                    null,
                    SortKeyRange.of(call.options(), sortKeys, index != null));
            call.options().filter().check(schema, query::isKey);
            return query;
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + (index == null ? "" : ", index " + index.name()) + ", partition "
                    + Key.shown(call.partitionKey()));
        }
    }

    private static List<AttributeValue> partition(List<KeyAttribute> keys, ListCall call) {
        Object given = call.partitionKey();
        if (keys.size() == 1) {
            return List.of(encoded(keys.get(0), given));
        }
        if (!(given instanceof List<?> values) || values.size() != keys.size()) {
            throw new InvalidInputException("The partition key consists of "
                    + keys.stream().map(KeyAttribute::name).collect(Collectors.joining(", ")) + ": give a list of "
                    + keys.size() + " values, one for each.");
        }
        List<AttributeValue> encoded = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            encoded.add(encoded(keys.get(i), values.get(i)));
        }
        return List.copyOf(encoded);
    }

    private static AttributeValue encoded(KeyAttribute key, @Nullable Object value) {
        return key.encode(normal(value), KeyAttribute.LONGEST_PARTITION_KEY);
    }

    private static ListQuery whole(
            TableSchema schema, @Nullable IndexSchema index, ListOptions options, Segment segment) {
        if (options.reverse() || options.bounded()) {
            throw new InvalidInputException("Table " + schema.table() + (index == null ? "" : ", index " + index.name())
                    + ": a whole table has no order, and so no prefix, range or reverse."
                    + " Name a partition, or leave them out.");
        }
        return new ListQuery(schema, index, null, segment, SortKeyRange.ALL);
    }

    /** The attributes of the partition key of the table or the index. */
    List<KeyAttribute> partitionKeys() {
        return index == null ? List.of(schema.partitionKey()) : index.partitionKeys();
    }

    /** The attributes of the sort key of the table or the index; empty if it has none or none was declared. */
    List<KeyAttribute> sortKeys() {
        return sortKeys(schema, index);
    }

    private static List<KeyAttribute> sortKeys(TableSchema schema, @Nullable IndexSchema index) {
        if (index != null) {
            return index.sortKeys();
        }
        KeyAttribute sortKey = schema.sortKey();
        return sortKey == null ? List.of() : List.of(sortKey);
    }

    /**
     * The key attributes that a position in this list consists of, each once; without the partition's if it is given.
     */
    List<KeyAttribute> positionAttributes() {
        Set<KeyAttribute> attributes = new LinkedHashSet<>();
        Stream.of(Stream.of(schema.partitionKey(), schema.sortKey()), partitionKeys().stream(), sortKeys().stream())
                .flatMap(each -> each)
                .filter(attribute -> attribute != null && !isGiven(attribute.name()))
                .forEach(attributes::add);
        return List.copyOf(attributes);
    }

    /** Whether this attribute is of a key of the table or index that the list reads. */
    boolean isKey(String name) {
        return names(partitionKeys(), name) || names(sortKeys(), name);
    }

    /** Whether this attribute is the same in all entries, so that tokens omit it. */
    boolean isGiven(String name) {
        return partition != null && names(partitionKeys(), name);
    }

    private static boolean names(List<KeyAttribute> attributes, String name) {
        for (KeyAttribute attribute : attributes) {
            if (name.equals(attribute.name())) {
                return true;
            }
        }
        return false;
    }

    /** The attributes that all positions in this list have in common; may be changed by the caller. */
    Map<String, AttributeValue> given() {
        Map<String, AttributeValue> given = new HashMap<>(SMALL);
        if (partition != null) {
            List<KeyAttribute> keys = partitionKeys();
            for (int i = 0; i < keys.size(); i++) {
                given.put(keys.get(i).name(), partition.get(i));
            }
        }
        return given;
    }

    /**
     * The position of an entry in this list.
     *
     * @param attributes the {@link #positionAttributes}, which are the same for all entries
     */
    Map<String, AttributeValue> position(Map<String, AttributeValue> entry, List<KeyAttribute> attributes) {
        Map<String, AttributeValue> position = given();
        for (KeyAttribute attribute : attributes) {
            AttributeValue value = entry.get(attribute.name());
            if (value != null) {
                position.put(attribute.name(), value);
            }
        }
        return position;
    }

    /** Whether it is unknown if the index has a sort key: none was declared, and an index need not have one. */
    boolean sortKeyUndeclared() {
        return index != null && index.sortKeys().isEmpty();
    }

    /**
     * Checks the position that the service reports. If only the first attributes of a sort key were declared, no page
     * token could continue after it.
     *
     * @param position empty at the end of the list
     * @throws InvalidInputException naming the table, the index and the attributes that were not declared
     */
    void rejectUndeclared(Map<String, AttributeValue> position) {
        if (position.isEmpty() || index == null || sortKeyUndeclared()) {
            return;
        }
        List<KeyAttribute> declared = positionAttributes();
        if (position.size() <= declared.size() + given().size()) {
            return;
        }
        String others = position.keySet().stream()
                .filter(name -> !isGiven(name) && !names(declared, name))
                .sorted()
                .collect(Collectors.joining(", "));
        throw new InvalidInputException("Table " + schema.table() + ", index " + index.name()
                + ": the index has further key attributes: " + others + ". Name all of them by indexSortKeyName.");
    }

    @Nullable
    String keyCondition() {
        if (partition == null) {
            return null;
        }
        String condition = Expressions.IN_PARTITION;
        for (int i = 1; i < partition.size(); i++) {
            condition = Expressions.and(condition, Expressions.inPartition(i));
        }
        return range.bounded() ? Expressions.and(condition, range.conditions()) : condition;
    }

    /** The names in the key condition. */
    Map<String, String> names() {
        Map<String, String> names = range.names(sortKeys());
        if (partition != null) {
            List<KeyAttribute> keys = partitionKeys();
            for (int i = 0; i < keys.size(); i++) {
                names.put(Expressions.PARTITION_KEY + number(i), keys.get(i).name());
            }
        }
        return names;
    }

    /** The values in the key condition. */
    Map<String, AttributeValue> values() {
        Map<String, AttributeValue> values = range.values();
        if (partition != null) {
            for (int i = 0; i < partition.size(); i++) {
                values.put(Expressions.PARTITION + number(i), partition.get(i));
            }
        }
        return values;
    }

    /** Distinguishes the placeholders of a partition key's attributes. The first, mostly the only one, has none. */
    private static String number(int attribute) {
        return attribute == 0 ? "" : Integer.toString(attribute);
    }

    private static @Nullable Object normal(@Nullable Object value) {
        return value == null ? null : Key.of(value).partitionKey();
    }
}
