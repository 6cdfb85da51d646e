/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local or global secondary index that a list reads.
 *
 * @param name the index's name
 * @param partitionKey its partition key attribute; for a local index, that of the table
 * @param sortKey its sort key attribute; null if it has none or none was declared
 */
public record IndexSchema(
        String name, KeyAttribute partitionKey, @Nullable KeyAttribute sortKey) {

    /** The index that a list reads; null if it reads the table. */
    public static @Nullable IndexSchema of(TableSchema schema, ListOptions list) {
        if (list.index() == null) {
            return null;
        }
        String partitionName =
                list.indexPartitionKeyName() == null ? schema.partitionKey().name() : list.indexPartitionKeyName();
        String sortName = list.indexSortKeyName();
        return new IndexSchema(
                list.index(),
                attribute(schema, partitionName, list.indexPartitionKeyType()),
                sortName == null ? null : attribute(schema, sortName, list.indexSortKeyType()));
    }

    /** If the index uses a key attribute of the table, the table declares its type. */
    private static KeyAttribute attribute(TableSchema schema, String name, @Nullable KeyType type) {
        if (type != null) {
            return new KeyAttribute(name, type);
        }
        return Stream.of(schema.partitionKey(), schema.sortKey())
                .filter(known -> known != null && known.name().equals(name))
                .findFirst()
                .orElseGet(() -> new KeyAttribute(name, KeyType.STRING));
    }
}
