/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Reads the locks of one partition. Pure. */
final class LockQuery {

    private static final int PAGE = 200;

    private final TableSchema schema;
    private final AttributeValue partition;

    /**
     * A query of one partition.
     *
     * @throws InvalidInputException if the partition key doesn't fit the table
     */
    LockQuery(TableSchema schema, Object partition) {
        this.schema = schema;
        try {
            this.partition = schema.partitionKey().encode(partition, KeyAttribute.LONGEST_PARTITION_KEY);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + ", partition " + Key.shown(partition));
        }
    }

    /** A page of locks with their data. */
    QueryRequest whole(Map<String, AttributeValue> from) {
        return page(from, "").build();
    }

    /** A page of locks without their data. */
    QueryRequest states(Map<String, AttributeValue> from) {
        String attributes = LockExpressions.attributes(schema);
        return page(from, attributes).projectionExpression(attributes).build();
    }

    private QueryRequest.Builder page(Map<String, AttributeValue> from, String attributes) {
        return QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression(LockExpressions.IN_PARTITION)
                .filterExpression(LockExpressions.LOCKS)
                .expressionAttributeNames(
                        LockExpressions.names(schema, LockExpressions.IN_PARTITION, LockExpressions.LOCKS, attributes))
                .expressionAttributeValues(Map.of(":partition", partition))
                .consistentRead(true)
                .limit(PAGE)
                .exclusiveStartKey(from.isEmpty() ? null : from);
    }
}
