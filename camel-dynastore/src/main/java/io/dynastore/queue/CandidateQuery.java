/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.KeyType;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Expressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * Looks for items that can be claimed, in a partition or in a segment of the table. Thread safe, never waits.
 *
 * <p>The service filters. So a query costs what it examines, whether it is claimable or not. Only keys and versions
 * are transferred: the claim returns the item.
 */
final class CandidateQuery {

    private static final String PROJECTION_OF_MARKS = "#version, #dead";

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final ClaimRequests requests;
    private final String projection;
    private final Map<String, String> names;

    CandidateQuery(DynamoDbAsyncClient client, ClaimRequests requests) {
        this.client = client;
        this.schema = requests.schema();
        this.requests = requests;
        this.projection = "#partitionKey, " + (schema.sortKey() == null ? "" : "#sortKey, ") + PROJECTION_OF_MARKS;
        this.names = ClaimExpressions.names(schema, projection, ClaimExpressions.CLAIMABLE);
    }

    /**
     * Reads a page of a partition.
     *
     * @param place where the page before ended; empty: at the start
     * @param examine how many items to examine at most; null: what DynamoDB examines at once, 1 MB
     */
    CompletableFuture<CandidatePage> partition(
            AttributeValue partition, Map<String, AttributeValue> place, @Nullable Integer examine, ClockReading now) {
        Map<String, AttributeValue> values = requests.claimable(now);
        values.put(Expressions.PARTITION, partition);
        QueryRequest request = QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression(Expressions.IN_PARTITION)
                .filterExpression(ClaimExpressions.CLAIMABLE)
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
