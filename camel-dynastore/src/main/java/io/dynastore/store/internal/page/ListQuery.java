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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param partition the encoded partition key of the table or the index; null if the list reads a segment
 * @param segment the segment; null if the list reads a partition
 * @param range the range of the partition
 */
record ListQuery(
        TableSchema schema,
        @Nullable IndexSchema index,
        @Nullable AttributeValue partition,
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
        KeyAttribute partitionKey = index == null ? schema.partitionKey() : index.partitionKey();
        KeyAttribute sortKey = index == null ? schema.sortKey() : index.sortKey();
        try {
            AttributeValue partition =
                    partitionKey.encode(normal(call.partitionKey()), KeyAttribute.LONGEST_PARTITION_KEY);
            ListQuery query = new ListQuery(
                    schema, index, partition, null, SortKeyRange.of(call.options(), sortKey, index != null));
            call.options().filter().check(schema, query::isKey);
            return query;
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + (index == null ? "" : ", index " + index.name()) + ", partition "
                    + Key.shown(call.partitionKey()));
        }
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

    KeyAttribute partitionKey() {
        return index == null ? schema.partitionKey() : index.partitionKey();
    }

    @Nullable
    KeyAttribute sortKey() {
        return index == null ? schema.sortKey() : index.sortKey();
    }

    /**
     * The key attributes that a position in this list consists of, each once; without the partition's if it is given.
     */
    List<KeyAttribute> positionAttributes() {
        Set<KeyAttribute> attributes = new LinkedHashSet<>();
        Stream.of(schema.partitionKey(), schema.sortKey(), partitionKey(), sortKey())
                .filter(attribute -> attribute != null && !isGiven(attribute.name()))
                .forEach(attributes::add);
        return List.copyOf(attributes);
    }

    /** Whether this attribute is a key of the table or index that the list reads. */
    boolean isKey(String name) {
        KeyAttribute sortKey = sortKey();
        return name.equals(partitionKey().name()) || (sortKey != null && name.equals(sortKey.name()));
    }

    /** Whether this attribute is the same in all entries, so that tokens omit it. */
    boolean isGiven(String name) {
        return partition != null && name.equals(partitionKey().name());
    }

    /** The attributes that all positions in this list have in common; may be changed by the caller. */
    Map<String, AttributeValue> given() {
        Map<String, AttributeValue> given = new HashMap<>(SMALL);
        if (partition != null) {
            given.put(partitionKey().name(), partition);
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
        return index != null && index.sortKey() == null;
    }

    @Nullable
    String keyCondition() {
        if (partition == null) {
            return null;
        }
        return range.condition() == null
                ? Expressions.IN_PARTITION
                : Expressions.and(Expressions.IN_PARTITION, range.condition());
    }

    /** The names in the key condition. */
    Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        if (partition != null) {
            names.put(Expressions.PARTITION_KEY, partitionKey().name());
        }
        KeyAttribute sortKey = sortKey();
        if (range.condition() != null && sortKey != null) {
            names.put(Expressions.SORT_KEY, sortKey.name());
        }
        return names;
    }

    /** The values in the key condition. */
    Map<String, AttributeValue> values() {
        Map<String, AttributeValue> values = new HashMap<>(range.values());
        if (partition != null) {
            values.put(Expressions.PARTITION, partition);
        }
        return values;
    }

    private static @Nullable Object normal(@Nullable Object value) {
        return value == null ? null : Key.of(value).partitionKey();
    }
}
