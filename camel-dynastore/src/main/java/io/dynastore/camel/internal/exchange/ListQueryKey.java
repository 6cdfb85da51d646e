/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Call;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
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
 */
public record ListQueryKey(
        TableLocation table,
        @Nullable String index,
        List<@Nullable Object> indexKey,
        Key partition,
        boolean reverse,
        @Nullable String prefix,
        @Nullable Key from,
        @Nullable Key to) {

    /**
     * The key of the list that a call reads.
     *
     * @throws InvalidInputException if the call has no partition key
     */
    public static ListQueryKey of(TableLocation table, Call call) {
        if (call.partitionKey() == null) {
            throw new InvalidInputException("No partition key.");
        }
        return new ListQueryKey(
                table,
                call.index(),
                Arrays.asList(
                        call.indexPartitionKeyName(),
                        call.indexPartitionKeyType(),
                        call.indexSortKeyName(),
                        call.indexSortKeyType()),
                Key.of(call.partitionKey()),
                call.reverse(),
                call.sortKeyPrefix(),
                key(call.sortKeyFrom()),
                key(call.sortKeyTo()));
    }

    /** As a key, which compares its values as the service does. */
    private static @Nullable Key key(@Nullable Object value) {
        return value == null ? null : Key.of(value);
    }
}
