/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A table in memory that applies the requests of claims as the service does, one after the other. Each write makes a
 * new map, so that earlier states can be read as an eventually consistent read may return them.
 */
final class SimulatedTable {

    static final TableSchema SCHEMA = TableSchema.named("jobs");

    private static final Map<String, Map<String, String>> NAMES = new ConcurrentHashMap<>();

    private final Map<String, Map<String, AttributeValue>> items = new TreeMap<>();
    private final Map<String, Map<String, AttributeValue>> before = new HashMap<>();
    private final Watcher watcher;

    /** Sees each write that is applied. */
    interface Watcher {

        /**
         * A write of a claim was applied.
         *
         * @param before the item before; null if there was none
         * @param after the item after; null if it was deleted
         */
        void applied(
                ClaimWrite write,
                @Nullable Map<String, AttributeValue> before,
                @Nullable Map<String, AttributeValue> after);
    }

    SimulatedTable(Watcher watcher) {
        this.watcher = watcher;
    }

    /** The key of an item in the maps here: partition and sort key. */
    static String name(Map<String, AttributeValue> key) {
        return text(key, "id") + "/" + text(key, "name");
    }

    /** An attribute that is text. */
    static String text(Map<String, AttributeValue> item, String attribute) {
        return Objects.requireNonNull(item.get(attribute)).s();
    }

    @Nullable
    Map<String, AttributeValue> get(String name) {
        return items.get(name);
    }

    List<Map<String, AttributeValue>> all() {
        return new ArrayList<>(items.values());
    }

    /** The items of a partition in order, each as it is now or, where stale, as it was before its latest write. */
    List<QueueItem> query(String partition, String filter, Map<String, AttributeValue> values, boolean stale) {
        Map<String, String> names = NAMES.computeIfAbsent(filter, text -> ClaimExpressions.names(SCHEMA, text));
        List<QueueItem> found = new ArrayList<>();
        items.forEach((name, item) -> {
            Map<String, AttributeValue> seen = stale ? before.getOrDefault(name, item) : item;
            if (name.startsWith(partition + "/")
                    && Expression.holds(filter, new Expression.Scope(seen, names, values))) {
                found.add(new QueueItem(SCHEMA, seen));
            }
        });
        return found;
    }

    /** An ordinary write, of a program that knows no claims. */
    void put(Map<String, AttributeValue> item) {
        replace(name(item), item);
    }

    private void replace(String name, @Nullable Map<String, AttributeValue> item) {
        Map<String, AttributeValue> old = item == null ? items.remove(name) : items.put(name, item);
        if (old != null && item != null) {
            before.put(name, old);
        }
    }

    WriteResult apply(ClaimWrite write) {
        if (write instanceof ClaimWrite.Update update) {
            return update(update.request(), write);
        }
        if (write instanceof ClaimWrite.Delete delete) {
            return delete(delete.request(), write);
        }
        return move((ClaimWrite.Move) write);
    }

    private WriteResult update(UpdateItemRequest request, ClaimWrite write) {
        String name = name(request.key());
        Map<String, AttributeValue> item = items.get(name);
        Expression.Scope scope = new Expression.Scope(
                item == null ? Map.of() : item,
                request.expressionAttributeNames(),
                request.expressionAttributeValues());
        if (!Expression.holds(request.conditionExpression(), scope)) {
            return refused(item);
        }
        Map<String, AttributeValue> updated = Expression.updated(request.updateExpression(), scope);
        updated.putAll(request.key());
        replace(name, updated);
        watcher.applied(write, item, updated);
        return new WriteResult.Applied(updated);
    }

    private WriteResult delete(DeleteItemRequest request, ClaimWrite write) {
        String name = name(request.key());
        Map<String, AttributeValue> item = items.get(name);
        Expression.Scope scope = new Expression.Scope(
                item == null ? Map.of() : item,
                request.expressionAttributeNames(),
                request.expressionAttributeValues());
        if (!Expression.holds(request.conditionExpression(), scope)) {
            return refused(item);
        }
        replace(name, null);
        watcher.applied(write, item, null);
        return new WriteResult.Applied(Map.of());
    }

    private WriteResult move(ClaimWrite.Move move) {
        Delete delete = move.request().transactItems().get(0).delete();
        Put put = move.request().transactItems().get(1).put();
        String name = name(delete.key());
        Map<String, AttributeValue> item = items.get(name);
        Expression.Scope scope = new Expression.Scope(
                item == null ? Map.of() : item, delete.expressionAttributeNames(), delete.expressionAttributeValues());
        if (!Expression.holds(delete.conditionExpression(), scope)) {
            return refused(item);
        }
        if (items.containsKey(name(put.item()))) {
            return new WriteResult.Occupied();
        }
        replace(name, null);
        replace(name(put.item()), put.item());
        watcher.applied(move, item, put.item());
        return new WriteResult.Applied(Map.of());
    }

    private static WriteResult refused(@Nullable Map<String, AttributeValue> item) {
        return new WriteResult.Refused(item == null ? null : new QueueItem(SCHEMA, item), false);
    }
}
