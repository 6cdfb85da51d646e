/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.KeyType;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Expressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * Looks for items that can be claimed: in a shard of the index, or in a partition or segment of the table. If there is
 * an index, a query of the table finds the items that it lacks. Thread safe, never waits.
 *
 * <p>The service filters a query of the table. So it costs what it examines, whether that is claimable or not. Only
 * keys and versions are transferred: the claim returns the item.
 */
final class CandidateQuery {

    private static final String PROJECTION_OF_MARKS = "#version, #dead";

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final ClaimRequests requests;
    private final String projection;
    private final @Nullable ClaimIndex index;
    private final String filter;
    private final Map<String, String> names;
    private final Map<String, String> indexNames;

    CandidateQuery(DynamoDbAsyncClient client, ClaimRequests requests) {
        this.client = client;
        this.schema = requests.schema();
        this.requests = requests;
        this.projection = "#partitionKey, " + (schema.sortKey() == null ? "" : "#sortKey, ") + PROJECTION_OF_MARKS;
        this.index = requests.settings().index();
        this.filter = index == null ? ClaimExpressions.CLAIMABLE : ClaimExpressions.outsideOfIndex(index.shards());
        this.names = ClaimExpressions.names(schema, projection, filter);
        this.indexNames = ClaimExpressions.names(schema, projection, ClaimExpressions.DUE_IN_SHARD, Expressions.LIVE);
    }

    /**
     * Reads due items of a shard, those first that have been due for the longest time. Costs what is due, however many
     * items are claimed or delayed.
     *
     * @param shard the shard as the index has it
     * @param place where the page before ended; empty: at the start
     * @param examine how many entries to examine at most
     */
    CompletableFuture<CandidatePage> due(
            AttributeValue shard, Map<String, AttributeValue> place, int examine, ClockReading now) {
        QueryRequest request = QueryRequest.builder()
                .tableName(schema.table())
                .indexName(Objects.requireNonNull(index).name())
                .keyConditionExpression(ClaimExpressions.DUE_IN_SHARD)
                .filterExpression(Expressions.LIVE)
                .projectionExpression(projection)
                .expressionAttributeNames(indexNames)
                .expressionAttributeValues(ClaimRequests.due(shard, now))
                .exclusiveStartKey(place.isEmpty() ? null : place)
                .limit(examine)
                .build();
        return client.query(request)
                .thenApply(response -> page(
                        response.items(), response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : Map.of()));
    }

    /**
     * Reads a page of a partition.
     *
     * @param place where the page before ended; empty: at the start
     * @param examine how many items to examine at most; null: what DynamoDB examines at once, 1 MB
     */
    CompletableFuture<CandidatePage> partition(
            AttributeValue partition, Map<String, AttributeValue> place, @Nullable Integer examine, ClockReading now) {
        Map<String, AttributeValue> values =
                index == null ? requests.claimable(now) : requests.outsideOfIndex(index, partition, now);
        values.put(Expressions.PARTITION, partition);
        QueryRequest request = QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression(Expressions.IN_PARTITION)
                .filterExpression(filter)
                .projectionExpression(projection)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .exclusiveStartKey(place.isEmpty() ? null : place)
                .limit(examine)
                .build();
        return client.query(request)
                .thenApply(response -> page(
                        response.items(), response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : Map.of()));
    }

    /** As {@link #partition}, for a segment of the table. The component's own partitions are left out. */
    CompletableFuture<CandidatePage> segment(
            Segment segment, Map<String, AttributeValue> place, @Nullable Integer examine, ClockReading now) {
        Map<String, AttributeValue> values = requests.claimable(now);
        boolean text = schema.partitionKey().type() == KeyType.STRING;
        if (text) {
            values.put(Expressions.OWN_PARTITIONS, AttributeValue.fromS(TableSchema.OWN_PARTITIONS));
        }
        ScanRequest request = ScanRequest.builder()
                .tableName(schema.table())
                .segment(segment.number())
                .totalSegments(segment.of())
                .filterExpression(
                        text
                                ? Expressions.and(Expressions.NOT_OWN, ClaimExpressions.CLAIMABLE)
                                : ClaimExpressions.CLAIMABLE)
                .projectionExpression(projection)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .exclusiveStartKey(place.isEmpty() ? null : place)
                .limit(examine)
                .build();
        return client.scan(request)
                .thenApply(response -> page(
                        response.items(), response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : Map.of()));
    }

    private CandidatePage page(List<Map<String, AttributeValue>> items, Map<String, AttributeValue> place) {
        return new CandidatePage(
                items.stream()
                        .map(item -> new Candidate(new QueueItem(schema, new HashMap<>(item))))
                        .toList(),
                place);
    }
}
