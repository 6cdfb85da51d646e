/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which list a token belongs to: another page of the same list is asked for with the same identity.
 *
 * @param table where the table is
 * @param index the index, if one is read
 * @param indexKey the index's key attributes, as far as they are declared
 * @param partition the partition
 * @param reverse the direction: the same position read backwards is deliberate only if somebody kept the token
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
                key(options.sortKeyTo()));
    }

    /** A key compares its values as the service does. */
    private static @Nullable Key key(@Nullable Object value) {
        return value == null ? null : Key.of(value);
    }
}
