/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.KeyAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.RuntimeCamelException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Deletes all items of partitions, page by page, so that its memory does not grow with their number. */
final class KeyDeletion {

    private static final int PAGE = 500;
    private static final int CHUNK = 25;
    private static final int MOST_BARREN_ROUNDS = 10;
    private static final long PAUSE = 50;
    private static final long LONGEST_PAUSE = 5_000;

    private final TableRequests requests;

    KeyDeletion(TableRequests requests) {
        this.requests = requests;
    }

    /** Deletes the items of these partitions. Returns their number. */
    long delete(Stream<String> partitions) {
        return partitions.mapToLong(this::delete).sum();
    }

    private long delete(String partition) {
        long deleted = 0;
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryResponse page = requests.await(requests.client().query(query(partition, from)));
            List<Map<String, AttributeValue>> keys = page.items();
            for (int i = 0; i < keys.size(); i += CHUNK) {
                deleteChunk(keys.subList(i, Math.min(keys.size(), i + CHUNK)));
            }
            deleted += keys.size();
            from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!from.isEmpty());
        return deleted;
    }

    private QueryRequest query(String partition, Map<String, AttributeValue> from) {
        KeyAttribute sortKey = Objects.requireNonNull(requests.schema().sortKey());
        Map<String, String> names = new HashMap<>();
        names.put("#partitionKey", requests.schema().partitionKey().name());
        names.put("#sortKey", sortKey.name());
        return QueryRequest.builder()
                .tableName(requests.schema().table())
                .keyConditionExpression("#partitionKey = :partition")
                .projectionExpression("#partitionKey, #sortKey")
                .expressionAttributeNames(names)
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition)))
                .exclusiveStartKey(from.isEmpty() ? null : from)
                .consistentRead(true)
                .limit(PAGE)
                .overrideConfiguration(requests.limits())
                .build();
    }

    private void deleteChunk(List<Map<String, AttributeValue>> keys) {
        List<WriteRequest> rest = keys.stream()
                .map(key -> WriteRequest.builder()
                        .deleteRequest(delete -> delete.key(key))
                        .build())
                .toList();
        int barren = 0;
        while (!rest.isEmpty()) {
            List<WriteRequest> left = send(rest);
            barren = left.size() < rest.size() ? 0 : barren + 1;
            if (barren > MOST_BARREN_ROUNDS) {
                throw new DynaStoreException("Table " + requests.schema().table()
                        + ": the service is throttling, and not all keys are removed. Clear the repository again.");
            }
            if (!left.isEmpty()) {
                pause(barren);
            }
            rest = left;
        }
    }

    private List<WriteRequest> send(List<WriteRequest> writes) {
        BatchWriteItemRequest request = BatchWriteItemRequest.builder()
                .requestItems(Map.of(requests.schema().table(), writes))
                .overrideConfiguration(requests.limits())
                .build();
        List<WriteRequest> left = new ArrayList<>();
        requests.await(requests.client().batchWriteItem(request))
                .unprocessedItems()
                .values()
                .forEach(left::addAll);
        return left;
    }

    private static void pause(int barren) {
        try {
            Thread.sleep(Math.min(LONGEST_PAUSE, PAUSE << barren));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeCamelException("Interrupted while it removed keys", e);
        }
    }
}
