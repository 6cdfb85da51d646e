/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.InvalidInputException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** What an update changes inside an item, as a part of its request. Stateless. */
public final class InsideUpdate {

    private InsideUpdate() {}

    /**
     * Checks that what a write changes inside an item fits the item.
     *
     * @param shape the item that the write will find; empty attributes if there is none
     * @throws InvalidInputException naming the path, if not
     */
    public static void check(TableContext table, EncodedItem item, StoredItem shape) {
        if (item.changes() != null) {
            DocumentExpressions unused = expressions(table, item, item.changes(), shape);
        }
    }

    /**
     * Adds the changes to a request.
     *
     * @param text the expressions without them
     * @param shape the item that the write will find; empty attributes if there is none, null if it is not known
     * @throws InvalidInputException naming the path, if they do not fit the item; or if they are too many
     */
    static UpdateItemRequest.Builder add(
            TableContext table,
            UpdateItemRequest.Builder request,
            EncodedItem item,
            ItemChanges changes,
            UpdateTemplate.Text text,
            @Nullable StoredItem shape) {
        UpdateItemRequest plain = request.build();
        DocumentExpressions inside = expressions(table, item, changes, shape);
        String update = text.set() + (inside.sets().isEmpty() ? "" : "," + inside.sets()) + text.remove();
        if (!inside.removes().isEmpty()) {
            update += (text.remove().isEmpty() ? " REMOVE " : ",") + inside.removes();
        }
        String condition =
                inside.condition().isEmpty() ? text.condition() : Expressions.and(text.condition(), inside.condition());
        if (update.length() > UpdateTemplate.LONGEST_EXPRESSION
                || condition.length() > UpdateTemplate.LONGEST_EXPRESSION) {
            throw tooMany(table, item);
        }
        Map<String, String> names = new HashMap<>(plain.expressionAttributeNames());
        inside.names(names);
        Map<String, AttributeValue> values = new HashMap<>(plain.expressionAttributeValues());
        values.putAll(inside.values());
        return request.updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values);
    }

    private static DocumentExpressions expressions(
            TableContext table, EncodedItem item, ItemChanges changes, @Nullable StoredItem shape) {
        try {
            return new DocumentExpressions(changes, shape == null ? null : shape.attributes());
        } catch (InvalidInputException e) {
            throw e.at("Table " + table.name() + ", key " + item.key());
        }
    }

    private static InvalidInputException tooMany(TableContext table, EncodedItem item) {
        return new InvalidInputException(
                "Table " + table.name() + ", key " + item.key()
                        + ": the write changes more inside the item than one update can name, since DynamoDB takes"
                        + " expressions of 4 KB. Nothing was changed: make several updates of it, or replace the"
                        + " payload.",
                null);
    }
}
