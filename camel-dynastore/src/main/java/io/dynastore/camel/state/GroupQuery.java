/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.KeyAttribute;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads the items of partitions without their contents, page by page. */
final class GroupQuery {

    private final TableRequests requests;
    private final boolean consistent;

    GroupQuery(TableRequests requests, boolean consistent) {
        this.requests = requests;
        this.consistent = consistent;
    }

    /**
     * Reads the items of these partitions.
     *
     * @param items takes the key and the item, until it returns false
     */
    void read(Stream<String> partitions, BiPredicate<String, Map<String, AttributeValue>> items) {
        boolean unused = partitions.allMatch(partition -> read(partition, items));
    }

    private boolean read(String partition, BiPredicate<String, Map<String, AttributeValue>> items) {
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryRequest request = query(partition, from);
            QueryResponse page = requests.sent(() -> requests.client().query(request));
            for (Map<String, AttributeValue> item : page.items()) {
                if (!items.test(key(item), item)) {
                    return false;
                }
            }
            from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!from.isEmpty());
        return true;
    }

    private String key(Map<String, AttributeValue> item) {
        AttributeValue full = item.get(AggregationWrites.KEY);
        return full == null ? Objects.requireNonNull(item.get(sortKey().name())).s() : full.s();
    }

    private KeyAttribute sortKey() {
        return Objects.requireNonNull(requests.schema().sortKey());
    }

    private QueryRequest query(String partition, Map<String, AttributeValue> from) {
        Map<String, String> names = new HashMap<>();
        names.put("#partitionKey", requests.schema().partitionKey().name());
        names.put("#sortKey", sortKey().name());
        names.put("#expires", requests.schema().expires());
        names.put("#key", AggregationWrites.KEY);
        names.put("#gone", AggregationWrites.GONE);
        names.put("#due", AggregationWrites.DUE);
        names.put("#holder", AggregationWrites.HOLDER);
        names.put("#owner", AggregationWrites.OWNER);
        names.put("#until", AggregationWrites.UNTIL);
        names.put("#deliveries", AggregationWrites.DELIVERIES);
        return QueryRequest.builder()
                .tableName(requests.schema().table())
                .keyConditionExpression("#partitionKey = :partition")
                .projectionExpression("#sortKey, #expires, #key, #due, #holder, #owner, #until, #deliveries")
                .filterExpression("attribute_not_exists(#gone)")
                .expressionAttributeNames(names)
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition)))
                .exclusiveStartKey(from.isEmpty() ? null : from)
                .consistentRead(consistent)
                .overrideConfiguration(requests.limits())
                .build();
    }
}
