/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local or global secondary index to read through.
 *
 * @param name the index's name
 * @param partitionKey its partition key attribute; that of the table for a local index
 * @param sortKey its sort key attribute; null where it has none or where it was not declared
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

    /** An index may be keyed by a key attribute of the table: then the table says its type. */
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
