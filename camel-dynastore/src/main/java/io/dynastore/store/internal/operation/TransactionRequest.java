/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.store.internal.item.ItemPut;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.TableContext;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Puts writes into the form that a transaction takes. Each has the expressions that it has alone, so that conditions
 * and write ids are those of the single operations.
 */
final class TransactionRequest {

    private static final ReturnValuesOnConditionCheckFailure OLD = ReturnValuesOnConditionCheckFailure.ALL_OLD;

    private final TableContext table;
    private final ItemUpdate update;
    private final ItemPut whole;

    TransactionRequest(TableContext table) {
        this.table = table;
        this.update = new ItemUpdate(table);
        this.whole = new ItemPut(table);
    }

    TransactWriteItem of(TransactionItem write, SdkBytes id) {
        if (write.expired() != null) {
            return put(whole.replacement(write.expired(), item(write), id));
        }
        if (write.replacing()) {
            return write.absent() ? put(whole.creation(item(write), id)) : update(replacement(write, id));
        }
        return switch (write.kind()) {
            case CREATE -> put(whole.creation(item(write), id));
            case PUT -> write.onlyWhole() ? put(whole.creation(item(write), id)) : update(plain(write, id));
            case UPDATE -> update(plain(write, id));
            case DELETE -> delete(Delete.request(table, write.call(), write.condition(), write.keyAttributes()));
            case CHECK -> check(Delete.request(table, write.call(), write.condition(), write.keyAttributes()));
            case HOLDS -> holds(write);
        };
    }

    private static EncodedItem item(TransactionItem write) {
        return Objects.requireNonNull(write.item());
    }

    private static TransactWriteItem put(PutItemRequest alone) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(alone.tableName())
                        .item(alone.item())
                        .conditionExpression(alone.conditionExpression())
                        .expressionAttributeNames(alone.expressionAttributeNames())
                        .expressionAttributeValues(
                                alone.hasExpressionAttributeValues() ? alone.expressionAttributeValues() : null)
                        .returnValuesOnConditionCheckFailure(OLD))
                .build();
    }

    private UpdateItemRequest plain(TransactionItem write, SdkBytes id) {
        UpdateItemRequest request =
                update.request(write.call(), item(write), write.condition(), false, write.shape(), id);
        return write.once() ? CountedUpdates.bounded(request, 0) : request;
    }

    private UpdateItemRequest replacement(TransactionItem write, SdkBytes id) {
        return update.replacement((WriteCall) write.call(), item(write), write.shape(), id);
    }

    private static TransactWriteItem update(UpdateItemRequest alone) {
        return TransactWriteItem.builder()
                .update(change -> change.tableName(alone.tableName())
                        .key(alone.key())
                        .updateExpression(alone.updateExpression())
                        .conditionExpression(alone.conditionExpression())
                        .expressionAttributeNames(alone.expressionAttributeNames())
                        .expressionAttributeValues(alone.expressionAttributeValues())
                        .returnValuesOnConditionCheckFailure(OLD))
                .build();
    }

    private static TransactWriteItem delete(DeleteItemRequest alone) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(alone.tableName())
                        .key(alone.key())
                        .conditionExpression(alone.conditionExpression())
                        .expressionAttributeNames(alone.expressionAttributeNames())
                        .expressionAttributeValues(alone.expressionAttributeValues())
                        .returnValuesOnConditionCheckFailure(OLD))
                .build();
    }

    private TransactWriteItem holds(TransactionItem write) {
        return TransactWriteItem.builder()
                .conditionCheck(check -> check.tableName(table.name())
                        .key(write.keyAttributes())
                        .conditionExpression(Expressions.HELD)
                        .expressionAttributeNames(Map.of(
                                Expressions.HOLDER, LockAttributes.HOLDER, Expressions.FENCE, LockAttributes.FENCE))
                        .expressionAttributeValues(Map.of(
                                Expressions.TOKEN,
                                AttributeValue.fromN(String.valueOf(write.call().expectedVersion()))))
                        .returnValuesOnConditionCheckFailure(OLD))
                .build();
    }

    private static TransactWriteItem check(DeleteItemRequest alone) {
        return TransactWriteItem.builder()
                .conditionCheck(check -> check.tableName(alone.tableName())
                        .key(alone.key())
                        .conditionExpression(alone.conditionExpression())
                        .expressionAttributeNames(alone.expressionAttributeNames())
                        .expressionAttributeValues(alone.expressionAttributeValues())
                        .returnValuesOnConditionCheckFailure(OLD))
                .build();
    }
}
