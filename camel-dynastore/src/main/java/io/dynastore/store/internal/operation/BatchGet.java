/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BatchGetCall;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.Projection;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Reads the items of many keys: each key is requested once, and the items come in the order of the keys. */
final class BatchGet implements StoreOperation<BatchGetCall, Outcome.Batch> {

    private final TableSchema schema;
    private final BatchReader reader;

    BatchGet(TableContext table) {
        this.schema = table.schema();
        this.reader = new BatchReader(table);
    }

    @Override
    public CompletableFuture<Outcome.Batch> execute(BatchGetCall call) {
        Set<Key> asked = new LinkedHashSet<>(call.keys());
        Projection projection = Projection.of(schema, call.fields(), List.of());
        return reader.read(asked, call.consistentRead(), projection, () -> false)
                .thenApply(found -> {
                    List<Item> items = new ArrayList<>(found.items().size());
                    for (Key key : asked) {
                        StoredItem stored = found.items().get(key);
                        if (stored != null && (call.includeExpired() || !stored.expired())) {
                            items.add(stored.item(call.payloadFormat(), call.fields()));
                        }
                    }
                    return new Outcome.Batch(items, found.capacity());
                });
    }
}
