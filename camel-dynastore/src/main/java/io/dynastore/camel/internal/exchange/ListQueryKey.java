/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.FieldFilter;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the list that a token belongs to. Every page of one list has the same key.
 *
 * @param table where the table is
 * @param index the index, if one is read
 * @param indexKey names and types of the index's key attributes; null for one that is not declared
 * @param partition the partition: a key, or a list of them
 * @param reverse the direction; a token of the other direction is not a left-over if a route kept it on purpose
 * @param prefix the sort key prefix, if there is one: a key, or a list of them; so are the bounds
 * @param from the lower bound, if there is one
 * @param to the upper bound, if there is one
 * @param filter what the items fulfil
 */
public record ListQueryKey(
        TableLocation table,
        @Nullable String index,
        List<Object> indexKey,
        @Nullable Object partition,
        boolean reverse,
        @Nullable Object prefix,
        @Nullable Object from,
        @Nullable Object to,
        FieldFilter filter) {

    /** The key of the list that a call reads. */
    public static ListQueryKey of(TableLocation table, ListCall call) {
        if (call.partitionKey() == null) {
            throw new InvalidInputException("No partition key.");
        }
        ListOptions options = call.options();
        return new ListQueryKey(
                table,
                options.index(),
                List.of(
                        options.indexPartitionKeyNames(),
                        options.indexPartitionKeyTypes(),
                        options.indexSortKeyNames(),
                        options.indexSortKeyTypes()),
                key(call.partitionKey()),
                options.reverse(),
                key(options.sortKeyPrefix()),
                key(options.sortKeyFrom()),
                key(options.sortKeyTo()),
                options.filter());
    }

    /** As a key, which compares its values as the service does; or as a list of keys. */
    private static @Nullable Object key(@Nullable Object value) {
        if (value instanceof List<?> values) {
            return values.stream().map(ListQueryKey::key).toList();
        }
        return value == null ? null : Key.of(value);
    }
}
