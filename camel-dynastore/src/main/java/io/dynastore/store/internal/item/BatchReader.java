/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Reads many items by their keys, in requests of up to 100 keys. If the service leaves keys unprocessed, they are
 * requested again after a pause. The pause grows while no key is processed. Thread safe.
 */
public final class BatchReader {

    /** The most keys in one request: the service's limit. */
    public static final int CHUNK = 100;

    /** Consecutive rounds in which no key is processed: together about half a minute. */
    private static final int MOST_BARREN_ROUNDS = 10;

    private final TableContext table;
    private final Backoff backoff;

    public BatchReader(TableContext table) {
        this.table = table;
        this.backoff = new Backoff(table.random());
    }

    /** The items of one read. It is complete when the future of the read is. Used by one round at a time. */
    public static final class Found {
        private final Map<Key, StoredItem> items = new HashMap<>();
        private final Deque<Map<String, AttributeValue>> waiting = new ArrayDeque<>();
        private final BooleanSupplier stopped;
        private final @Nullable Projection projection;
        private double capacity;

        private Found(BooleanSupplier stopped, @Nullable Projection projection) {
            this.stopped = stopped;
            this.projection = projection;
        }

        /** The items found, live or expired, by their keys; keys without an item are absent. */
        public Map<Key, StoredItem> items() {
            return items;
        }

        /** The capacity units that all requests of the read consumed. */
        public double capacity() {
            return capacity;
        }
    }

    /**
     * Reads items, live or expired, by their keys.
     *
     * @param projection the attributes to read; null: all
     * @param stopped whether the reader no longer wants the rest; checked before each request
     * @return fails with a {@link CancellationException} if the reader stopped it
     */
    public CompletableFuture<Found> read(
            Set<Key> keys, boolean consistent, @Nullable Projection projection, BooleanSupplier stopped) {
        Found found = new Found(stopped, projection);
        keys.forEach(key -> found.waiting.add(table.schema().encode(key)));
        return round(found, consistent, 0);
    }

    private CompletableFuture<Found> round(Found found, boolean consistent, int barren) {
        if (found.waiting.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        if (found.stopped.getAsBoolean()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        if (barren > MOST_BARREN_ROUNDS) {
            return CompletableFuture.failedFuture(throttled(found));
        }
        List<Map<String, AttributeValue>> chunk = new ArrayList<>(CHUNK);
        while (chunk.size() < CHUNK && !found.waiting.isEmpty()) {
            chunk.add(found.waiting.remove());
        }
        return table.client().batchGetItem(request(found, chunk, consistent)).thenCompose(response -> {
            boolean progress = take(found, response, chunk.size());
            return response.unprocessedKeys().isEmpty()
                    ? round(found, consistent, 0)
                    : table.pause()
                            .of(backoff.pause(progress ? 0 : barren))
                            .thenCompose(waited -> round(found, consistent, progress ? 0 : barren + 1));
        });
    }

    private DynaStoreException throttled(Found found) {
        return new DynaStoreException("Table " + table.name() + ": " + found.waiting.size()
                + " of the keys remain unprocessed, since the service is throttling."
                + " Request fewer at a time, or raise the table's capacity.");
    }

    private BatchGetItemRequest request(Found found, List<Map<String, AttributeValue>> chunk, boolean consistent) {
        KeysAndAttributes.Builder builder =
                KeysAndAttributes.builder().keys(chunk).consistentRead(consistent);
        if (found.projection != null) {
            builder.projectionExpression(found.projection.expression())
                    .expressionAttributeNames(found.projection.names());
        }
        KeysAndAttributes keys = builder.build();
        return BatchGetItemRequest.builder()
                .requestItems(Map.of(table.name(), keys))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    /** Takes the items of a response, queues its unprocessed keys, and returns whether any key was processed. */
    private boolean take(Found found, BatchGetItemResponse response, int requested) {
        // The response names the table by name or ARN, whichever the request used: there is only one table.
        response.responses()
                .values()
                .forEach(items -> items.forEach(attributes -> {
                    StoredItem stored = StoredItem.of(table, attributes);
                    found.items.put(stored.key(), stored);
                }));
        int unprocessed = 0;
        for (KeysAndAttributes rest : response.unprocessedKeys().values()) {
            rest.keys().forEach(found.waiting::addFirst);
            unprocessed += rest.keys().size();
        }
        found.capacity += Capacity.of(response.consumedCapacity());
        return unprocessed < requested;
    }
}
