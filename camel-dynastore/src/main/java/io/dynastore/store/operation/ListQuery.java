/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.Call;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a list reads: one partition of a table or an index, and the part of it that is wanted.
 *
 * @param schema the table
 * @param index the index that is read; null: the table
 * @param partition the encoded partition key of the table or the index
 * @param range the part of the partition
 */
record ListQuery(TableSchema schema, @Nullable IndexSchema index, AttributeValue partition, SortKeyRange range) {

    /**
     * Resolves and checks what a call asks for.
     *
     * @throws InvalidInputException if the partition key is missing, or a bound does not fit the sort key
     */
    static ListQuery of(TableSchema schema, Call call) {
        IndexSchema index = IndexSchema.of(schema, call);
        KeyAttribute partitionKey = index == null ? schema.partitionKey() : index.partitionKey();
        KeyAttribute sortKey = index == null ? schema.sortKey() : index.sortKey();
        try {
            AttributeValue partition =
                    partitionKey.encode(normal(call.partitionKey()), KeyAttribute.LONGEST_PARTITION_KEY);
            return new ListQuery(schema, index, partition, SortKeyRange.of(call, sortKey, index != null));
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + (index == null ? "" : ", index " + index.name()) + ", partition "
                    + Key.shown(call.partitionKey()));
        }
    }

    KeyAttribute partitionKey() {
        return index == null ? schema.partitionKey() : index.partitionKey();
    }

    @Nullable
    KeyAttribute sortKey() {
        return index == null ? schema.sortKey() : index.sortKey();
    }

    /** The key attributes that a position in this list consists of, apart from the partition's, each once. */
    List<KeyAttribute> positionAttributes() {
        Set<KeyAttribute> attributes = new LinkedHashSet<>();
        Stream.of(schema.partitionKey(), schema.sortKey(), sortKey())
                .filter(attribute -> attribute != null
                        && !attribute.name().equals(partitionKey().name()))
                .forEach(attributes::add);
        return List.copyOf(attributes);
    }

    /** Whether this attribute is a key of what is read. */
    boolean isKey(String name) {
        KeyAttribute sortKey = sortKey();
        return name.equals(partitionKey().name()) || (sortKey != null && name.equals(sortKey.name()));
    }

    /** Where in this list a row stands. */
    Map<String, AttributeValue> position(Map<String, AttributeValue> row) {
        Map<String, AttributeValue> position = new HashMap<>();
        position.put(partitionKey().name(), partition);
        for (KeyAttribute attribute : positionAttributes()) {
            AttributeValue value = row.get(attribute.name());
            if (value != null) {
                position.put(attribute.name(), value);
            }
        }
        return position;
    }

    /** Whether the index has a sort key is unknown: it was not declared, and an index need not have one. */
    boolean sortKeyUndeclared() {
        return index != null && index.sortKey() == null;
    }

    String keyCondition() {
        return range.condition() == null
                ? Expressions.IN_PARTITION
                : Expressions.and(Expressions.IN_PARTITION, range.condition());
    }

    /** The names in the key condition. */
    Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        names.put(Expressions.PARTITION_KEY, partitionKey().name());
        KeyAttribute sortKey = sortKey();
        if (range.condition() != null && sortKey != null) {
            names.put(Expressions.SORT_KEY, sortKey.name());
        }
        return names;
    }

    /** The values in the key condition. */
    Map<String, AttributeValue> values() {
        Map<String, AttributeValue> values = new HashMap<>(range.values());
        values.put(Expressions.PARTITION, partition);
        return values;
    }

    private static @Nullable Object normal(@Nullable Object value) {
        return value == null ? null : Key.of(value).partitionKey();
    }
}
