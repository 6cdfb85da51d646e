/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.ConditionalUpdates;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * The move of a dead item to the dead partition, by one transaction: the item is deleted, and its copy is put.
 *
 * <p>The copy has the sort key, the payload, the fields, the expiry and the version of the item, and the reason beside
 * them. It is a new item: it has no deliveries, no token and no write history of its own.
 */
final class DeadLetter {

    /** The attributes of the old item that mean nothing in another one: its claim and its write history. */
    private static final Set<String> LEFT_BEHIND = Set.of(
            QueueAttributes.HOLDER,
            QueueAttributes.UNTIL,
            QueueAttributes.COUNT,
            QueueAttributes.FROM,
            QueueAttributes.SHARD,
            QueueAttributes.DEAD,
            QueueAttributes.REASON,
            LockAttributes.FENCE);

    private static final String HISTORY = "_ds[wv]\\d|_ds[cr]";

    private DeadLetter() {}

    /**
     * The transaction.
     *
     * @param item the whole item
     * @param condition the condition on the item, with these values
     * @param token makes repetitions of the request one transaction
     */
    static ClaimWrite move(
            ClaimSettings settings,
            QueueItem item,
            String reason,
            String condition,
            Map<String, AttributeValue> values,
            String token) {
        TableSchema schema = item.schema();
        Delete delete = Delete.builder()
                .tableName(schema.table())
                .key(item.key())
                .conditionExpression(condition)
                .expressionAttributeNames(ClaimExpressions.names(schema, condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        Put put = Put.builder()
                .tableName(schema.table())
                .item(copy(item, Objects.requireNonNull(settings.deadPartition()), reason))
                .conditionExpression(ClaimExpressions.ABSENT)
                .expressionAttributeNames(ClaimExpressions.names(schema, ClaimExpressions.ABSENT))
                .build();
        return new ClaimWrite.Move(TransactWriteItemsRequest.builder()
                .transactItems(
                        TransactWriteItem.builder().delete(delete).build(),
                        TransactWriteItem.builder().put(put).build())
                .clientRequestToken(token(token, item))
                .build());
    }

    /** The service takes 36 characters. The version is part of it: another version is another transaction. */
    private static String token(String id, QueueItem item) {
        String random = id.substring(id.lastIndexOf('/') + 1);
        return random + Long.toString(item.versionNumber(), Character.MAX_RADIX);
    }

    private static Map<String, AttributeValue> copy(QueueItem item, AttributeValue partition, String reason) {
        Map<String, AttributeValue> copy = copy(item, partition);
        copy.put(QueueAttributes.REASON, ConditionalUpdates.text(reason));
        return copy;
    }

    /** The item in another partition, without what means nothing there. */
    static Map<String, AttributeValue> copy(QueueItem item, AttributeValue partition) {
        Map<String, AttributeValue> copy = new HashMap<>(item.attributes());
        copy.keySet().removeIf(name -> LEFT_BEHIND.contains(name) || name.matches(HISTORY));
        copy.put(item.schema().partitionKey().name(), partition);
        return copy;
    }
}
