/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local or global secondary index that a list reads. Each of its two keys consists of one attribute, or of several
 * in an order.
 *
 * @param name the index's name
 * @param partitionKeys its partition key's attributes, at least one; for a local index, that of the table
 * @param sortKeys its sort key's attributes; empty if it has none or none was declared
 */
public record IndexSchema(String name, List<KeyAttribute> partitionKeys, List<KeyAttribute> sortKeys) {

    /** The service's limit for the attributes of one key. */
    public static final int MOST_ATTRIBUTES = 4;

    public IndexSchema {
        partitionKeys = List.copyOf(partitionKeys);
        sortKeys = List.copyOf(sortKeys);
    }

    /**
     * The index that a list reads; null if it reads the table.
     *
     * @throws InvalidInputException if the names and types of its key attributes don't fit together
     */
    public static @Nullable IndexSchema of(TableSchema schema, ListOptions list) {
        if (list.index() == null) {
            return null;
        }
        List<String> names = list.indexPartitionKeyNames();
        IndexSchema index = new IndexSchema(
                list.index(),
                attributes(
                        schema,
                        "indexPartitionKey",
                        names.isEmpty() ? List.of(schema.partitionKey().name()) : names,
                        list.indexPartitionKeyTypes()),
                list.indexSortKeyNames().isEmpty()
                        ? List.of()
                        : attributes(schema, "indexSortKey", list.indexSortKeyNames(), list.indexSortKeyTypes()));
        List<String> all = Stream.concat(index.partitionKeys.stream(), index.sortKeys.stream())
                .map(KeyAttribute::name)
                .toList();
        if (all.stream().distinct().count() < all.size()) {
            throw new InvalidInputException("Index " + list.index() + ": indexPartitionKeyName and indexSortKeyName"
                    + " name an attribute twice (" + String.join(", ", all) + "). Name each once.");
        }
        return index;
    }

    /** Whether one of the keys consists of several attributes. */
    public boolean hasSeveralAttributes() {
        return partitionKeys.size() > 1 || sortKeys.size() > 1;
    }

    /** If the index uses a key attribute of the table, the table declares its type. */
    private static List<KeyAttribute> attributes(
            TableSchema schema, String option, List<String> names, List<KeyType> types) {
        if (names.size() > MOST_ATTRIBUTES) {
            throw new InvalidInputException("The option " + option + "Name names " + names.size()
                    + " attributes, and DynamoDB takes " + MOST_ATTRIBUTES + " at most: correct it.");
        }
        if (!types.isEmpty() && types.size() != names.size()) {
            throw new InvalidInputException("The option " + option + "Type names " + types.size() + " types for "
                    + names.size() + " attributes (" + String.join(", ", names)
                    + "): name one type for each, or none.");
        }
        List<KeyAttribute> attributes = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            attributes.add(
                    types.isEmpty() ? attribute(schema, names.get(i)) : new KeyAttribute(names.get(i), types.get(i)));
        }
        return attributes;
    }

    private static KeyAttribute attribute(TableSchema schema, String name) {
        return Stream.of(schema.partitionKey(), schema.sortKey())
                .filter(known -> known != null && known.name().equals(name))
                .findFirst()
                .orElseGet(() -> new KeyAttribute(name, KeyType.STRING));
    }
}
