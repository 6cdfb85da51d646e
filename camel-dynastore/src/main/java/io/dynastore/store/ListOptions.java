/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a list returns of the partition or segment that it reads. {@link ListCall.Builder} describes each option.
 *
 * @param sortKeyPrefix only items whose sort key begins with this: text, or a list whose last value is text; null: any
 * @param sortKeyFrom the lower bound of the sort key; null: none
 * @param sortKeyTo the upper bound of the sort key; null: none
 * @param reverse whether the list runs from the highest sort key to the lowest
 * @param limit the number of live items, 1 or more; null: one page of the service, or the whole of a stream
 * @param nextToken the token that came with the page before; null: the first page
 * @param index the index to list through; null: the table
 * @param indexPartitionKeyNames the index's partition key attributes, in their order; empty: that of the table
 * @param indexPartitionKeyTypes their types; empty: that of the table for its own attributes, else text
 * @param indexSortKeyNames the index's sort key attributes, in their order; empty: none, or not declared
 * @param indexSortKeyTypes their types; empty: as for the partition key
 * @param fetch whether a list through an index reads the whole items by key afterwards
 * @param payloadFormat the format of the payloads
 * @param consistentRead whether the list sees every write that was acknowledged before it, at twice the capacity
 * @param includeExpired whether expired items that the service has not yet removed are returned
 * @param keepUnreadable whether a page names the items that can't be read, rather than failing because of them
 * @param fields the extra fields that the items have
 * @param filter only items for which this holds
 */
public record ListOptions(
        @Nullable Object sortKeyPrefix,
        @Nullable Object sortKeyFrom,
        @Nullable Object sortKeyTo,
        boolean reverse,
        @Nullable Integer limit,
        @Nullable String nextToken,
        @Nullable String index,
        List<String> indexPartitionKeyNames,
        List<KeyType> indexPartitionKeyTypes,
        List<String> indexSortKeyNames,
        List<KeyType> indexSortKeyTypes,
        boolean fetch,
        PayloadFormat payloadFormat,
        boolean consistentRead,
        boolean includeExpired,
        boolean keepUnreadable,
        FieldSelection fields,
        FieldFilter filter) {

    public ListOptions {
        sortKeyPrefix = copied(sortKeyPrefix);
        sortKeyFrom = copied(sortKeyFrom);
        sortKeyTo = copied(sortKeyTo);
        indexPartitionKeyNames = List.copyOf(indexPartitionKeyNames);
        indexPartitionKeyTypes = List.copyOf(indexPartitionKeyTypes);
        indexSortKeyNames = List.copyOf(indexSortKeyNames);
        indexSortKeyTypes = List.copyOf(indexSortKeyTypes);
        if (limit != null && limit < 1) {
            throw new InvalidInputException("A limit is 1 or more, not " + limit
                    + ": leave it out for one page of the service, or the whole of a stream.");
        }
        if (sortKeyPrefix != null && (sortKeyFrom != null || sortKeyTo != null)) {
            throw new InvalidInputException("A list has either a sort key prefix or a sort key range, not both.");
        }
    }

    /** A list must not change later. One of its values may be null, which is refused when it is encoded. */
    static @Nullable Object copied(@Nullable Object value) {
        return value instanceof List<?> values ? Collections.unmodifiableList(new ArrayList<>(values)) : value;
    }

    /** Whether only a part of a partition is asked for. */
    public boolean bounded() {
        return sortKeyPrefix != null || sortKeyFrom != null || sortKeyTo != null;
    }
}
