/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.GetCall;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.Projection;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** Reads one item. An expired one counts as absent, unless the call includes them. */
final class Get implements StoreOperation<GetCall, Outcome.Read> {

    /** Reads the incarnation along. */
    private static final List<String> CREATOR = List.of(HistoryAttributes.CREATOR);

    private final TableContext table;

    Get(TableContext table) {
        this.table = table;
    }

    @Override
    public CompletableFuture<Outcome.Read> execute(GetCall call) {
        Key key = call.key();
        Projection projection = Projection.of(table.schema(), call.fields(), CREATOR);
        return table.client()
                .getItem(request(call, key, projection))
                .thenApply(response -> result(call, key, response));
    }

    private GetItemRequest request(GetCall call, Key key, @Nullable Projection projection) {
        return GetItemRequest.builder()
                .tableName(table.name())
                .key(table.schema().encode(key))
                .projectionExpression(projection == null ? null : projection.expression())
                .expressionAttributeNames(projection == null ? null : projection.names())
                .consistentRead(call.consistentRead())
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private Outcome.Read result(GetCall call, Key key, GetItemResponse response) {
        double capacity = Capacity.of(response.consumedCapacity());
        StoredItem stored = new StoredItem(table, key, response.item());
        if (!response.hasItem() || (stored.expired() && !call.includeExpired())) {
            if (call.failIfMissing()) {
                throw new KeyNotFoundException(
                        table.name(), key, "Create it; with failIfMissing=false a missing item is no error.");
            }
            return new Outcome.Read(key, null, null, capacity);
        }
        Item item = stored.item(call.payloadFormat(), call.fields());
        return new Outcome.Read(key, item, stored.incarnation(), capacity);
    }
}
