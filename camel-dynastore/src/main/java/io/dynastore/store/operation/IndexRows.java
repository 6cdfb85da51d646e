/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Makes whole items of what a query returned.
 *
 * <p>An index holds what it projects. What it doesn't, is missing from its rows without a word: an item would look as if it
 * had no version, no payload or no expiry. So the first row of an index that lacks one of the three is looked into, once for
 * each index: the same query is sent again, asking for the three by name. The service refuses that for a global index that
 * does not project them, and reads them from the table for a local one, which the comparison then shows.
 */
final class IndexRows {

    private final Table table;
    private final BatchGet batch;
    private final Set<String> projecting = ConcurrentHashMap.newKeySet();

    IndexRows(Table table) {
        this.table = table;
        this.batch = new BatchGet(table);
    }

    /**
     * Whole items in the order of the query, with the position of each.
     *
     * @param items as many as positions
     * @param positions where in the list each item stands
     * @param capacity consumed beyond the query
     */
    record Live(List<StoredItem> items, List<Map<String, AttributeValue>> positions, double capacity) {}

    CompletableFuture<Live> whole(Call call, ListQuery query, QueryRequest request, QueryResponse answer) {
        if (query.index() == null) {
            return CompletableFuture.completedFuture(live(call, query, answer.items(), answer.items(), 0));
        }
        return call.fetch() ? fetched(call, query, answer) : projected(call, query, request, answer);
    }

    private CompletableFuture<Live> fetched(Call call, ListQuery query, QueryResponse answer) {
        Set<Key> keys = new LinkedHashSet<>();
        answer.items().forEach(row -> keys.add(StoredItem.of(table, row).key()));
        // A consistent read of the items costs twice as much, and an index query is no more consistent for it.
        return batch.fetch(keys, call.consistentRead()).thenApply(found -> {
            List<Map<String, AttributeValue>> rows = new ArrayList<>();
            List<Map<String, AttributeValue>> items = new ArrayList<>();
            for (Map<String, AttributeValue> row : answer.items()) {
                StoredItem item = found.items.get(StoredItem.of(table, row).key());
                if (item != null) {
                    rows.add(row);
                    items.add(item.attributes());
                }
            }
            return live(call, query, rows, items, found.capacity);
        });
    }

    private CompletableFuture<Live> projected(Call call, ListQuery query, QueryRequest request, QueryResponse answer) {
        Live live = live(call, query, answer.items(), answer.items(), 0);
        boolean known = projecting.contains(request.indexName());
        return known || answer.items().stream().allMatch(this::complete)
                ? CompletableFuture.completedFuture(live)
                : probe(request, answer).thenApply(probed -> {
                    projecting.add(request.indexName());
                    return new Live(live.items(), live.positions(), probed);
                });
    }

    private boolean complete(Map<String, AttributeValue> row) {
        TableSchema schema = table.schema();
        return row.containsKey(schema.version())
                && row.containsKey(schema.payload())
                && row.containsKey(schema.expires());
    }

    /** Fails if the index does not project the three attributes; else the capacity that it took to find out. */
    private CompletableFuture<Double> probe(QueryRequest request, QueryResponse answer) {
        return table.client().query(probing(request)).handle((probed, error) -> {
            if (error == null) {
                compare(request.indexName(), answer.items(), probed.items());
                return Capacity.of(probed.consumedCapacity());
            }
            throw Refusals.cause(error) instanceof DynamoDbException refused
                            && refused.statusCode() == 400
                            && String.valueOf(refused.getMessage()).contains("project")
                    ? unprojected(request.indexName(), refused)
                    : new java.util.concurrent.CompletionException(Refusals.cause(error));
        });
    }

    private QueryRequest probing(QueryRequest request) {
        TableSchema schema = table.schema();
        Map<String, String> names = new java.util.HashMap<>(request.expressionAttributeNames());
        names.put(Expressions.VERSION, schema.version());
        names.put(Expressions.EXPIRES, schema.expires());
        names.put(Expressions.PAYLOAD, schema.payload());
        return request.toBuilder()
                .projectionExpression(String.join(", ", Expressions.VERSION, Expressions.EXPIRES, Expressions.PAYLOAD))
                .expressionAttributeNames(names)
                .build();
    }

    private void compare(
            String index, List<Map<String, AttributeValue>> rows, List<Map<String, AttributeValue>> probed) {
        for (int i = 0; i < Math.min(rows.size(), probed.size()); i++) {
            if (!rows.get(i).keySet().containsAll(probed.get(i).keySet())) {
                throw unprojected(index, null);
            }
        }
    }

    private DynaStoreException unprojected(String index, @org.jspecify.annotations.Nullable Throwable cause) {
        TableSchema schema = table.schema();
        return new DynaStoreException(
                "Table " + table.name() + ", index " + index + ": the index does not project '"
                        + schema.version() + "', '" + schema.expires() + "' and '" + schema.payload()
                        + "'. Use fetch=true to read the items from the table, or project them.",
                cause);
    }

    private Live live(
            Call call,
            ListQuery query,
            List<Map<String, AttributeValue>> rows,
            List<Map<String, AttributeValue>> items,
            double capacity) {
        List<StoredItem> live = new ArrayList<>(items.size());
        List<Map<String, AttributeValue>> positions = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            StoredItem item = StoredItem.of(table, items.get(i));
            // The service filters by what the row holds; an item that was fetched by its key has not been filtered.
            if (call.includeExpired() || !call.fetch() || !item.expired()) {
                live.add(item);
                positions.add(ListItems.position(query, rows.get(i)));
            }
        }
        return new Live(live, positions, capacity);
    }
}
