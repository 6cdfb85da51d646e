/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.Key;
import io.dynastore.store.ListOptions;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The live items of a query's answer, and where in the list each one stands.
 *
 * @param items in the order of the query
 * @param rows what tells where each of them stands; as many as items
 * @param capacity consumed beyond the query
 */
record QueryPage(List<StoredItem> items, List<Map<String, AttributeValue>> rows, double capacity) {

    /** Rows that hold all there is to an item. The service has filtered what has expired, unless the index is keyed by the expiry. */
    static QueryPage whole(TableContext table, ListOptions options, List<Map<String, AttributeValue>> rows) {
        List<StoredItem> items = new ArrayList<>(rows.size());
        List<Map<String, AttributeValue>> live = new ArrayList<>(rows.size());
        for (Map<String, AttributeValue> row : rows) {
            StoredItem item = StoredItem.of(table, row);
            if (options.includeExpired() || !item.expired()) {
                items.add(item);
                live.add(row);
            }
        }
        return new QueryPage(items, live, 0);
    }

    /**
     * Rows that only say which items to read. An item that has gone since the index saw it is left out, and so is one that
     * has expired: the index need not know when.
     *
     * @param stopped whether the rest is no longer wanted
     */
    static CompletableFuture<QueryPage> fetched(
            TableContext table,
            BatchReader batch,
            ListOptions options,
            List<Map<String, AttributeValue>> rows,
            BooleanSupplier stopped) {
        Set<Key> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.add(StoredItem.of(table, row).key()));
        return batch.read(keys, options.consistentRead(), stopped).thenApply(found -> {
            List<StoredItem> items = new ArrayList<>(rows.size());
            List<Map<String, AttributeValue>> live = new ArrayList<>(rows.size());
            for (Map<String, AttributeValue> row : rows) {
                StoredItem item = found.items().get(StoredItem.of(table, row).key());
                if (item != null && (options.includeExpired() || !item.expired())) {
                    items.add(item);
                    live.add(row);
                }
            }
            return new QueryPage(items, live, found.capacity());
        });
    }
}
