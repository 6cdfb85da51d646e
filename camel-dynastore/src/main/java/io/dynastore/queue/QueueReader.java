/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.ClaimIndex;
import io.dynastore.store.Key;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.ConditionalUpdates;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.Expressions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Looks into a queue without claiming. Reads are eventually consistent. Thread safe, never waits. */
final class QueueReader {

    private static final String LIVE_ITEMS = Expressions.and(Expressions.LIVE, Expressions.NO_LOCK);
    private static final String PROJECTION =
            "#partitionKey, #sortKey, #version, #holder, #until, #from, #count, #dead, #reason";

    /** How many entries of a shard are examined for its oldest item, since the first may have expired. */
    private static final int HEAD = 25;

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final QueueSettings settings;
    private final Map<String, String> names;

    QueueReader(DynamoDbAsyncClient client, TableSchema schema, QueueSettings settings) {
        this.client = client;
        this.schema = schema;
        this.settings = settings;
        this.names = ClaimExpressions.names(schema, PROJECTION, Expressions.IN_PARTITION, LIVE_ITEMS);
    }

    /**
     * A page, and what it took.
     *
     * @param examined how many items were examined, those included that the filter left out
     */
    private record Examined(QueuePage page, int examined) {}

    /** A page of a partition of the queue, or of its dead partition. */
    CompletableFuture<QueuePage> page(AttributeValue partition, Map<String, AttributeValue> place, int examine) {
        return examine(partition, place, examine).thenApply(Examined::page);
    }

    private CompletableFuture<Examined> examine(
            AttributeValue partition, Map<String, AttributeValue> place, int examine) {
        Instant now = settings.clock().instant();
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(Expressions.PARTITION, partition);
        values.put(Expressions.NOW, EncodedItem.seconds(now));
        QueryRequest request = QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression(Expressions.IN_PARTITION)
                .filterExpression(LIVE_ITEMS)
                .projectionExpression(PROJECTION)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .exclusiveStartKey(place.isEmpty() ? null : place)
                .limit(examine)
                .build();
        return client.query(request)
                .thenApply(response -> new Examined(page(response, partition, now), examined(response)));
    }

    private static int examined(QueryResponse response) {
        Integer scanned = response.scannedCount();
        return scanned == null ? response.items().size() : scanned;
    }

    private QueuePage page(QueryResponse response, AttributeValue partition, Instant now) {
        boolean dead = partition.equals(settings.deadPartition());
        return new QueuePage(
                response.items().stream()
                        .map(item -> seen(new QueueItem(schema, item), dead, now))
                        .toList(),
                response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : Map.of());
    }

    private QueuedItem seen(QueueItem item, boolean moved, Instant now) {
        QueueState state = moved || item.dead() ? QueueState.DEAD : state(item, now);
        Key key = Objects.requireNonNull(schema.decodeKey(item.attributes()));
        boolean held = state == QueueState.IN_FLIGHT;
        boolean waits = state == QueueState.DUE || state == QueueState.DELAYED;
        return new QueuedItem(
                key,
                state,
                item.versionCounts() ? item.versionNumber() : 0,
                item.count(),
                waits && item.from() != 0 ? Instant.ofEpochMilli(item.from()) : null,
                held ? text(item, QueueAttributes.HOLDER) : null,
                held ? Instant.ofEpochMilli(item.until()) : null,
                state == QueueState.DEAD ? text(item, QueueAttributes.REASON) : null);
    }

    private QueueState state(QueueItem item, Instant now) {
        long millis = now.toEpochMilli();
        if (item.until() >= millis - settings.clockSkew().toMillis()) {
            return QueueState.IN_FLIGHT;
        }
        return item.from() > millis ? QueueState.DELAYED : QueueState.DUE;
    }

    private static @Nullable String text(QueueItem item, String attribute) {
        AttributeValue value = item.attributes().get(attribute);
        return value == null ? null : value.s();
    }

    /**
     * Counts the items of a partition, page by page.
     *
     * @param left how many items may still be examined
     */
    CompletableFuture<QueueCount> count(
            AttributeValue partition, Map<String, AttributeValue> place, int left, QueueCount before) {
        return examine(partition, place, left).thenCompose(found -> {
            QueuePage page = found.page();
            int rest = left - found.examined();
            boolean over = page.last() || rest <= 0;
            QueueCount after = before.plus(page, page.last() || !over);
            return over ? CompletableFuture.completedFuture(after) : count(partition, page.place(), rest, after);
        });
    }

    /**
     * Since when the oldest due item of a partition is due, by the heads of its shards. Expired items are passed over.
     *
     * @return null if there is none
     */
    CompletableFuture<@Nullable Instant> oldestDue(AttributeValue partition, ClaimIndex index) {
        Instant now = settings.clock().instant();
        AttributeValue due = ConditionalUpdates.number(now.toEpochMilli());
        Map<String, String> used = ClaimExpressions.names(schema, ClaimExpressions.DUE_IN_SHARD, Expressions.LIVE);
        List<CompletableFuture<Long>> heads = index.shards(partition).stream()
                .map(shard -> client.query(query -> query.tableName(schema.table())
                                .indexName(index.name())
                                .keyConditionExpression(ClaimExpressions.DUE_IN_SHARD)
                                .filterExpression(Expressions.LIVE)
                                .expressionAttributeNames(used)
                                .expressionAttributeValues(
                                        Map.of(":shard", shard, ":due", due, Expressions.NOW, EncodedItem.seconds(now)))
                                .limit(HEAD))
                        .thenApply(response -> response.items().stream()
                                .mapToLong(item -> new QueueItem(schema, item).from())
                                .findFirst()
                                .orElse(Long.MAX_VALUE)))
                .toList();
        return CompletableFuture.allOf(heads.toArray(CompletableFuture[]::new)).thenApply(all -> {
            long oldest =
                    heads.stream().mapToLong(CompletableFuture::join).min().orElse(Long.MAX_VALUE);
            return oldest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(oldest);
        });
    }
}
