/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.NEW_EXPIRES;
import static io.dynastore.store.internal.item.Expressions.NEW_PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.NEW_VERSION;
import static io.dynastore.store.internal.item.Expressions.ONE;
import static io.dynastore.store.internal.item.Expressions.TOKEN;
import static io.dynastore.store.internal.item.Expressions.ZERO;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
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
public final class ItemUpdate {

    private static final AttributeValue NOTHING = AttributeValue.fromN("0");
    private static final AttributeValue SINGLE = AttributeValue.fromN("1");

    private final TableContext table;
    private final UpdateTemplate.Cache texts;

    public ItemUpdate(TableContext table) {
        this.table = table;
        this.texts = new UpdateTemplate.Cache(table.schema());
    }

    /**
     * The request of an update.
     *
     * @param returnVersion whether the service returns a version that does not follow from the request
     */
    public UpdateItemRequest request(
            ConditionalCall<?> call,
            EncodedItem item,
            ConditionTemplate condition,
            boolean returnVersion,
            SdkBytes id) {
        UpdateTemplate shape = UpdateTemplate.of(condition, item);
        UpdateTemplate.Text text = texts.text(shape);
        return UpdateItemRequest.builder()
                .tableName(table.name())
                .key(item.keyAttributes())
                .updateExpression(text.update())
                .conditionExpression(text.condition())
                .expressionAttributeNames(names(text, item))
                .expressionAttributeValues(values(call, item, shape, id))
                .returnValues(shape.versionKnown() || !returnVersion ? ReturnValue.NONE : ReturnValue.UPDATED_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    public Outcome.Written result(WriteCall call, EncodedItem item, SdkBytes id, UpdateItemResponse response) {
        StoredItem updated =
                new StoredItem(table, item.key(), response.hasAttributes() ? response.attributes() : Map.of());
        return new Outcome.Written(
                item.key(),
                version(call, updated),
                incarnation(call, id, updated),
                item.expires(),
                Capacity.of(response.consumedCapacity()));
    }

    /**
     * What to tell of a write that was applied by an earlier request. Its expiry is known if the request was this call's, or if
     * the item is still as the write left it.
     */
    public static Outcome.Written recognised(
            EncodedItem item, IdempotentWrite attempt, @Nullable Long version, Optional<StoredItem> stored) {
        Instant expires = item.expires();
        if (expires != null && attempt.redelivered()) {
            expires = stored.filter(left -> version != null && left.version() == version)
                    .map(StoredItem::expires)
                    .orElse(null);
        }
        return new Outcome.Written(
                item.key(), version, stored.map(StoredItem::incarnation).orElse(null), expires, 0);
    }

    /** An item whose incarnation had no name has this write's now. */
    private static @Nullable Incarnation incarnation(WriteCall call, SdkBytes id, StoredItem updated) {
        Incarnation expected = call.expectedIncarnation();
        if (expected != null) {
            return expected.name() == null ? new Incarnation(id) : expected;
        }
        return updated.attributes().isEmpty() ? null : updated.incarnation();
    }

    private static @Nullable Long version(WriteCall call, StoredItem updated) {
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

    private static Map<String, String> names(UpdateTemplate.Text text, EncodedItem item) {
        if (item.fields().isEmpty()) {
            return text.names();
        }
        Map<String, String> names = new HashMap<>(text.names());
        int set = 0;
        int removed = 0;
        for (Map.Entry<String, @Nullable AttributeValue> field : item.fields().entrySet()) {
            names.put(
                    field.getValue() == null ? UpdateTemplate.removedName(removed++) : UpdateTemplate.setName(set++),
                    field.getKey());
        }
        return names;
    }

    private Map<String, AttributeValue> values(
            ConditionalCall<?> call, EncodedItem item, UpdateTemplate shape, SdkBytes id) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(NEW_PAYLOAD, item.payload());
        values.put(ZERO, NOTHING);
        WriteHistory.values(id, values);
        if (shape.versionKnown() && call.expectedVersion() != null) {
            values.put(NEW_VERSION, AttributeValue.fromN(Long.toString(call.expectedVersion() + 1)));
        } else {
            values.put(ONE, SINGLE);
        }
        if (item.expires() != null) {
            values.put(NEW_EXPIRES, EncodedItem.seconds(item.expires()));
        }
        if (item.fence() != null) {
            values.put(TOKEN, AttributeValue.fromN(Long.toString(item.fence())));
        }
        int set = 0;
        for (AttributeValue field : item.fields().values()) {
            if (field != null) {
                values.put(UpdateTemplate.setValue(set++), field);
            }
        }
        shape.condition().values(call, table.clock().instant(), values);
        return values;
    }
}
