/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.FieldFilter;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the list that a token belongs to. Every page of one list has the same key.
 *
 * @param table where the table is
 * @param index the index, if one is read
 * @param indexKey names and types of the index's key attributes; null for one that is not declared
 * @param partition the partition
 * @param reverse the direction; a token of the other direction is not a left-over if a route kept it on purpose
 * @param prefix the sort key prefix, if there is one
 * @param from the lower bound, if there is one
 * @param to the upper bound, if there is one
 * @param filter what the items fulfil
 */
public record ListQueryKey(
        TableLocation table,
        @Nullable String index,
        List<@Nullable Object> indexKey,
        Key partition,
        boolean reverse,
        @Nullable String prefix,
        @Nullable Key from,
        @Nullable Key to,
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
                Arrays.asList(
                        options.indexPartitionKeyName(),
                        options.indexPartitionKeyType(),
                        options.indexSortKeyName(),
                        options.indexSortKeyType()),
                Key.of(call.partitionKey()),
                options.reverse(),
                options.sortKeyPrefix(),
                key(options.sortKeyFrom()),
                key(options.sortKeyTo()),
                options.filter());
    }

    /** As a key, which compares its values as the service does. */
    private static @Nullable Key key(@Nullable Object value) {
        return value == null ? null : Key.of(value);
    }
}
