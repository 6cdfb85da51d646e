/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.Key;
import io.dynastore.store.ListOptions;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.FieldCondition;
import io.dynastore.store.internal.item.Projection;
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
 * The live items of a query's response, and the entries that have their positions in the list.
 *
 * @param items in the order of the query
 * @param entries the entry of the table or index of each item; as many as items
 * @param capacity the capacity units consumed in addition to the query
 */
record QueryPage(List<StoredItem> items, List<Map<String, AttributeValue>> entries, double capacity) {

    /** Entries that are whole items. The service has filtered expired ones, unless the index is keyed by the expiry. */
    static QueryPage whole(TableContext table, ListOptions options, List<Map<String, AttributeValue>> entries) {
        List<StoredItem> items = new ArrayList<>(entries.size());
        List<Map<String, AttributeValue>> live = new ArrayList<>(entries.size());
        for (Map<String, AttributeValue> entry : entries) {
            StoredItem item = StoredItem.of(table, entry);
            if (options.includeExpired() || !item.expired()) {
                items.add(item);
                live.add(entry);
            }
        }
        return new QueryPage(items, live, 0);
    }

    /**
     * Entries that only refer to the items to read. The page omits items that have been deleted since the index was
     * updated, and expired ones, since the index need not project the expiry.
     *
     * @param conditions the comparisons of the filter, which the items fulfil
     * @param stopped whether the reader no longer wants the rest; checked before each request
     */
    static CompletableFuture<QueryPage> fetched(
            TableContext table,
            BatchReader batch,
            ListOptions options,
            List<FieldCondition> conditions,
            List<Map<String, AttributeValue>> entries,
            BooleanSupplier stopped) {
        Set<Key> keys = new LinkedHashSet<>();
        entries.forEach(entry -> keys.add(StoredItem.of(table, entry).key()));
        Projection projection = Projection.of(
                table.schema(),
                options.fields(),
                conditions.stream().map(FieldCondition::attribute).toList());
        return batch.read(keys, options.consistentRead(), projection, stopped).thenApply(found -> {
            List<StoredItem> items = new ArrayList<>(entries.size());
            List<Map<String, AttributeValue>> live = new ArrayList<>(entries.size());
            for (Map<String, AttributeValue> entry : entries) {
                StoredItem item = found.items().get(StoredItem.of(table, entry).key());
                if (item != null
                        && (options.includeExpired() || !item.expired())
                        && FieldCondition.all(conditions, item.attributes())) {
                    items.add(item);
                    live.add(entry);
                }
            }
            return new QueryPage(items, live, found.capacity());
        });
    }
}
