/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.GREATEST;
import static io.dynastore.store.internal.item.Expressions.NEW_DUE;
import static io.dynastore.store.internal.item.Expressions.NEW_EXPIRES;
import static io.dynastore.store.internal.item.Expressions.NEW_PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.NEW_VERSION;
import static io.dynastore.store.internal.item.Expressions.ONE;
import static io.dynastore.store.internal.item.Expressions.TOKEN;
import static io.dynastore.store.internal.item.Expressions.ZERO;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Incarnation;
import io.dynastore.store.InvalidInputException;
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
 * The update of a live item, for the operations update and put. Thread safe.
 *
 * <p>The new payload replaces the old one, given fields are set or removed, and all else stays. With an expected
 * version, the new version is known, and no attributes are returned. Without one, the service returns the updated
 * attributes, payload included, unless the call doesn't ask for the version.
 */
public final class ItemUpdate {

    private static final AttributeValue NOTHING = AttributeValue.fromN("0");
    private static final AttributeValue SINGLE = AttributeValue.fromN("1");
    private static final AttributeValue NO_SUCCESSOR = AttributeValue.fromN(Long.toString(Long.MAX_VALUE));

    private final TableContext table;
    private final UpdateTemplate.Cache texts;

    public ItemUpdate(TableContext table) {
        this.table = table;
        this.texts = new UpdateTemplate.Cache(table.schema());
    }

    /** Whether an update expression can name all fields of an item. */
    public static boolean fits(EncodedItem item, ConditionTemplate condition) {
        return item.fields().isEmpty() || UpdateTemplate.of(condition, item).fits();
    }

    /** The error of a write with more fields than an update expression can name. */
    public static InvalidInputException tooMany(TableContext table, EncodedItem item) {
        return new InvalidInputException(
                "Table " + table.name() + ", key " + item.key() + ": "
                        + item.fields().size()
                        + " extra fields are more than one update can name, since DynamoDB takes expressions of 4 KB"
                        + " (some 400 fields). Nothing was changed: keep them in one Map, in the payload or a field, or"
                        + " write some by another update.",
                null);
    }

    /**
     * The request of an update.
     *
     * @param returnVersion whether the service returns a version that does not follow from the request
     * @param shape the item that the write will find, for what it changes inside the item; empty attributes if there
     *     is none, null if it is not known
     * @throws InvalidInputException if it has too many fields, expects the greatest version, or changes something
     *     inside that the item's shape does not allow
     */
    public UpdateItemRequest request(
            ConditionalCall<?> call,
            EncodedItem item,
            ConditionTemplate condition,
            boolean returnVersion,
            @Nullable StoredItem shape,
            SdkBytes id) {
        if (call.expectedVersion() != null) {
            ItemPut.checkVersion(table, item.key(), call.expectedVersion());
        }
        UpdateTemplate template = UpdateTemplate.of(condition, item);
        UpdateTemplate.Text text = texts.text(template);
        if (text == null) {
            throw tooMany(table, item);
        }
        boolean returned = item.returnsIncrements() || (returnVersion && !template.versionKnown());
        UpdateItemRequest.Builder request = UpdateItemRequest.builder()
                .tableName(table.name())
                .key(item.keyAttributes())
                .updateExpression(text.update())
                .conditionExpression(text.condition())
                .expressionAttributeNames(names(text, template, item))
                .expressionAttributeValues(values(call, item, template, id))
                .returnValues(returned ? ReturnValue.UPDATED_NEW : ReturnValue.NONE)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
        return (item.changes() == null ? request : InsideUpdate.add(table, request, item, item.changes(), text, shape))
                .build();
    }

    /**
     * The request that replaces all attributes of a flat item, as it was seen. It is applied once, since it expects the
     * version that was seen.
     *
     * @param seen the live item; null if there was none, and the request shall be refused
     * @throws InvalidInputException as {@link #request} does
     */
    public UpdateItemRequest replacement(WriteCall call, EncodedItem item, @Nullable StoredItem seen, SdkBytes id) {
        WriteCall versioned = expecting(call, seen);
        EncodedItem all = seen == null ? item : item.removing(FlatItem.gone(table.schema(), item, seen));
        UpdateItemRequest request = request(versioned, all, ConditionTemplate.of(versioned), false, seen, id);
        return request.toBuilder()
                .conditionExpression(Expressions.and(request.conditionExpression(), HistoryAttributes.NOT_APPLIED))
                .build();
    }

    /** The call that expects a flat item as it was seen; a version that no item has, if there was none. */
    public static WriteCall expecting(WriteCall call, @Nullable StoredItem seen) {
        return seen == null
                ? call.expecting(Long.MAX_VALUE - 1, null)
                : call.expecting(seen.version(), seen.incarnation());
    }

    public Outcome.Written result(WriteCall call, EncodedItem item, SdkBytes id, UpdateItemResponse response) {
        StoredItem updated =
                new StoredItem(table, item.key(), response.hasAttributes() ? response.attributes() : Map.of());
        return new Outcome.Written(
                item.key(),
                version(call, updated),
                incarnation(call, id, updated),
                item.expires(),
                item.increments(table, updated.attributes()),
                Capacity.of(response.consumedCapacity()));
    }

    /**
     * The outcome of a write that an earlier request applied. Its expiry is known if that request was this call's, or
     * if the item is still as the write left it.
     *
     * @param version the version that the write produced; null if it is not known
     * @param stored the item as it is now; empty if it is not known
     */
    public static Outcome.Written recognised(
            EncodedItem item, IdempotentWrite write, @Nullable Long version, Optional<StoredItem> stored) {
        Instant expires = item.expires();
        if (expires != null && write.redelivered()) {
            expires = stored.filter(left -> version != null && left.version() == version)
                    .map(StoredItem::expires)
                    .orElse(null);
        }
        // What others have added since can't be told from what this write has added.
        Map<String, @Nullable Object> increments = stored.filter(
                        left -> item.returnsIncrements() && version != null && left.version() == version)
                .map(left -> item.increments(left.table(), left.attributes()))
                .orElse(null);
        return new Outcome.Written(
                item.key(), version, stored.map(StoredItem::incarnation).orElse(null), expires, increments, 0);
    }

    /** An incarnation that had no name has the id of this write as its name now. */
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
            // The write was applied. If another program made the version unreadable, it is unknown, and no error.
            return null;
        }
    }

    private static Map<String, String> names(UpdateTemplate.Text text, UpdateTemplate template, EncodedItem item) {
        if (item.fields().isEmpty()) {
            return text.names();
        }
        Map<String, String> names = new HashMap<>(text.names());
        int set = 0;
        int removed = 0;
        for (Map.Entry<String, @Nullable AttributeValue> field : item.fields().entrySet()) {
            names.put(
                    field.getValue() == null ? template.removedName(removed++) : template.setName(set++),
                    field.getKey());
        }
        return names;
    }

    private Map<String, AttributeValue> values(
            ConditionalCall<?> call, EncodedItem item, UpdateTemplate template, SdkBytes id) {
        Map<String, AttributeValue> values = new HashMap<>();
        if (item.payload() != null) {
            values.put(NEW_PAYLOAD, item.payload());
        }
        values.put(ZERO, NOTHING);
        HistoryAttributes.values(id, values);
        if (template.versionKnown() && call.expectedVersion() != null) {
            values.put(NEW_VERSION, AttributeValue.fromN(Long.toString(call.expectedVersion() + 1)));
        } else {
            values.put(ONE, SINGLE);
            values.put(GREATEST, NO_SUCCESSOR);
        }
        if (item.expires() != null) {
            values.put(NEW_EXPIRES, EncodedItem.seconds(item.expires()));
        }
        if (item.fence() != null) {
            values.put(TOKEN, AttributeValue.fromN(Long.toString(item.fence())));
        }
        if (item.dueOtherwise() != null) {
            values.put(NEW_DUE, item.dueOtherwise());
        }
        fieldValues(item, template, values);
        template.condition().values(call, table.clock().instant(), values);
        return values;
    }

    private static void fieldValues(EncodedItem item, UpdateTemplate template, Map<String, AttributeValue> values) {
        int set = 0;
        for (AttributeValue field : item.fields().values()) {
            if (field != null) {
                values.put(template.setValue(set++), field);
            }
        }
    }
}
