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

    /** The index that a call lists through; null if it lists through the table. */
    public static @Nullable IndexSchema of(TableSchema schema, Call call) {
        if (call.index() == null) {
            return null;
        }
        String partitionName =
                call.indexPartitionKeyName() == null ? schema.partitionKey().name() : call.indexPartitionKeyName();
        String sortName = call.indexSortKeyName();
        return new IndexSchema(
                call.index(),
                attribute(schema, partitionName, call.indexPartitionKeyType()),
                sortName == null ? null : attribute(schema, sortName, call.indexSortKeyType()));
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
