/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import static io.dynastore.store.operation.Expressions.NEW_EXPIRES;
import static io.dynastore.store.operation.Expressions.NEW_PAYLOAD;
import static io.dynastore.store.operation.Expressions.NEW_VERSION;
import static io.dynastore.store.operation.Expressions.ONE;
import static io.dynastore.store.operation.Expressions.TOKEN;
import static io.dynastore.store.operation.Expressions.ZERO;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Life;
import io.dynastore.store.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The update of a live item, for the operations update and put.
 *
 * <p>The new payload replaces the old one, given fields are set or removed, all else stays. With an expected version the
 * new one is known and nothing comes back; without one, the service sends what was updated, the payload with it, unless
 * nobody wants to know the version.
 */
final class LiveUpdate {

    private static final AttributeValue NOTHING = AttributeValue.fromN("0");
    private static final AttributeValue SINGLE = AttributeValue.fromN("1");

    private final Table table;
    private final UpdateShape.Cache texts;

    LiveUpdate(Table table) {
        this.table = table;
        this.texts = new UpdateShape.Cache(table.schema());
    }

    UpdateItemRequest request(Call call, NewItem item, ConditionShape condition, SdkBytes id) {
        UpdateShape shape = UpdateShape.of(condition, item);
        UpdateShape.Text text = texts.text(shape);
        return UpdateItemRequest.builder()
                .tableName(table.name())
                .key(item.keyAttributes())
                .updateExpression(text.update())
                .conditionExpression(text.condition())
                .expressionAttributeNames(names(text, item))
                .expressionAttributeValues(values(call, item, shape, id))
                .returnValues(
                        shape.versionKnown() || !call.returnVersion() ? ReturnValue.NONE : ReturnValue.UPDATED_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    Outcome result(Call call, NewItem item, SdkBytes id, UpdateItemResponse answer) {
        StoredItem updated = new StoredItem(table, item.key(), answer.hasAttributes() ? answer.attributes() : Map.of());
        return new Outcome.Written(
                item.key(),
                version(call, updated),
                life(call, id, updated),
                item.expires(),
                Capacity.of(answer.consumedCapacity()));
    }

    /**
     * What to tell of a write that was applied by an earlier request. Its expiry is known if the request was this call's, or if
     * the item is still as the write left it.
     */
    static Outcome recognised(NewItem item, Attempt attempt, @Nullable Long version, Optional<StoredItem> stored) {
        Instant expires = item.expires();
        if (expires != null && attempt.redelivered()) {
            expires = stored.filter(left -> version != null && left.version() == version)
                    .map(StoredItem::expires)
                    .orElse(null);
        }
        return new Outcome.Written(
                item.key(), version, stored.map(StoredItem::life).orElse(null), expires, 0);
    }

    /** An item whose life had no name has this write's now. */
    private static @Nullable Life life(Call call, SdkBytes id, StoredItem updated) {
        Life expected = call.expectedLife();
        if (expected != null) {
            return expected.name() == null ? new Life(id) : expected;
        }
        return updated.attributes().isEmpty() ? null : updated.life();
    }

    private static @Nullable Long version(Call call, StoredItem updated) {
        if (call.expectedVersion() != null) {
            return call.expectedVersion() + 1;
        }
        try {
            return updated.attributes().isEmpty() ? null : (Long) updated.version();
        } catch (DynaStoreException e) {
            // The write was applied: a version that another program has made unreadable is no version, and no error.
            return null;
        }
    }

    private static Map<String, String> names(UpdateShape.Text text, NewItem item) {
        if (item.fields().isEmpty()) {
            return text.names();
        }
        Map<String, String> names = new HashMap<>(text.names());
        int set = 0;
        int removed = 0;
        for (Map.Entry<String, @Nullable AttributeValue> field : item.fields().entrySet()) {
            names.put(
                    field.getValue() == null ? UpdateShape.removedName(removed++) : UpdateShape.setName(set++),
                    field.getKey());
        }
        return names;
    }

    private Map<String, AttributeValue> values(Call call, NewItem item, UpdateShape shape, SdkBytes id) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(NEW_PAYLOAD, item.payload());
        values.put(ZERO, NOTHING);
        WriteMarks.values(id, values);
        if (shape.versionKnown() && call.expectedVersion() != null) {
            values.put(NEW_VERSION, AttributeValue.fromN(Long.toString(call.expectedVersion() + 1)));
        } else {
            values.put(ONE, SINGLE);
        }
        if (item.expires() != null) {
            values.put(NEW_EXPIRES, NewItem.seconds(item.expires()));
        }
        if (item.fence() != null) {
            values.put(TOKEN, AttributeValue.fromN(Long.toString(item.fence())));
        }
        int set = 0;
        for (AttributeValue field : item.fields().values()) {
            if (field != null) {
                values.put(UpdateShape.setValue(set++), field);
            }
        }
        shape.condition().values(call, table.clock().instant(), values);
        return values;
    }
}
