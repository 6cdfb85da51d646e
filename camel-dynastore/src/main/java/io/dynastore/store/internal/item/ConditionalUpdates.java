/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.TableSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds updates of few kinds, whose conditions show the item when they fail. Pure. Thread safe. */
public final class ConditionalUpdates {

    private final TableSchema schema;
    private final UnaryOperator<String> attribute;

    /** The attribute names of each request, by its expressions: there are few. */
    private final Map<String, Map<String, String>> names = new ConcurrentHashMap<>();

    /**
     * Updates of this table.
     *
     * @param attribute the attribute behind a placeholder
     */
    public ConditionalUpdates(TableSchema schema, UnaryOperator<String> attribute) {
        this.schema = schema;
        this.attribute = attribute;
    }

    /** An update under a condition. */
    public UpdateItemRequest.Builder update(
            Map<String, AttributeValue> key, String update, String condition, Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(key)
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names(update + ' ' + condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    /** The attribute names for every placeholder in these expressions. */
    public Map<String, String> names(String expressions) {
        return names.computeIfAbsent(expressions, text -> Map.copyOf(Placeholders.names(attribute, text)));
    }

    /** A number. */
    public static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** A text. */
    public static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }
}
