/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.PageItems;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * The response to a query or a scan.
 *
 * @param entries of the table or the index, as returned
 * @param lastKey the position of the last one that the service examined; empty at the end of the list
 * @param examined how many the service examined, filtered ones included; null if it does not report that
 * @param capacity the capacity units consumed
 */
record QueryResult(
        List<Map<String, AttributeValue>> entries,
        Map<String, AttributeValue> lastKey,
        @Nullable Integer examined,
        double capacity) {

    static QueryResult of(QueryResponse response, @Nullable PageItems items) {
        return new QueryResult(
                PageItems.orElse(items, response.items()),
                response.lastEvaluatedKey(),
                response.scannedCount(),
                Capacity.of(response.consumedCapacity()));
    }

    static QueryResult of(ScanResponse response, @Nullable PageItems items) {
        return new QueryResult(
                PageItems.orElse(items, response.items()),
                response.lastEvaluatedKey(),
                response.scannedCount(),
                Capacity.of(response.consumedCapacity()));
    }
}
