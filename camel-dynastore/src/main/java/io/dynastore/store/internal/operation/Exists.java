/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.ExistsCall;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Asks for one item without transferring its payload. The service reads the whole item all the same, and charges for
 * it.
 */
final class Exists implements StoreOperation<ExistsCall, Outcome.Existence> {

    private static final String PROJECTION =
            String.join(", ", Expressions.PARTITION_KEY, Expressions.VERSION, Expressions.EXPIRES, Expressions.CREATOR);

    private final TableContext table;
    private final Map<String, String> names;

    Exists(TableContext table) {
        this.table = table;
        Map<String, String> asked = new HashMap<>();
        asked.put(Expressions.PARTITION_KEY, table.schema().partitionKey().name());
        asked.put(Expressions.VERSION, table.schema().version());
        asked.put(Expressions.EXPIRES, table.schema().expires());
        HistoryAttributes.creatorName(asked);
        this.names = Map.copyOf(asked);
    }

    @Override
    public CompletableFuture<Outcome.Existence> execute(ExistsCall call) {
        Key key = call.key();
        return table.client().getItem(request(call, key)).thenApply(response -> result(call, key, response));
    }

    private GetItemRequest request(ExistsCall call, Key key) {
        return GetItemRequest.builder()
                .tableName(table.name())
                .key(table.schema().encode(key))
                .projectionExpression(PROJECTION)
                .expressionAttributeNames(names)
                .consistentRead(call.consistentRead())
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private Outcome.Existence result(ExistsCall call, Key key, GetItemResponse response) {
        double capacity = Capacity.of(response.consumedCapacity());
        StoredItem stored = new StoredItem(table, key, response.item());
        return response.hasItem() && (call.includeExpired() || !stored.expired())
                ? new Outcome.Existence(key, stored.version(), stored.incarnation(), stored.expires(), capacity)
                : new Outcome.Existence(key, null, null, null, capacity);
    }
}
