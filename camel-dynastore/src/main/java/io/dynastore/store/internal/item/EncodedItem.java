/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Due;
import io.dynastore.store.Expiry;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.ReservedFieldException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.Texts;
import io.dynastore.store.WriteCall;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The content of a write, encoded and checked before a request is sent. {@link ItemPut} shows the stored item.
 *
 * @param key the item's key
 * @param keyAttributes the encoded key
 * @param payload the encoded value
 * @param fields the encoded extra fields, and the time from which the item is due; null removes a field
 * @param expiry what the write does to the expiry
 * @param due when the item is due, as the write says; what it sets is among the fields
 * @param expires the expiry that the write sets; null if it sets none
 * @param fence the fencing token; null if the write has none
 */
public record EncodedItem(
        Key key,
        Map<String, AttributeValue> keyAttributes,
        AttributeValue payload,
        Map<String, @Nullable AttributeValue> fields,
        Expiry expiry,
        Due due,
        @Nullable Instant expires,
        @Nullable Long fence) {

    /** Bytes: more than key, version, expiry, token and the names of all these can have. */
    private static final int OVERHEAD = 8 * 1024;

    /**
     * Encodes and checks a write.
     *
     * @throws InvalidInputException naming table, key and remedy
     */
    public static EncodedItem of(TableContext table, WriteCall call) {
        Key key = call.key();
        Map<String, AttributeValue> keyAttributes = table.schema().encode(key);
        try {
            AttributeValue payload = table.codec().encode(call.value(), call.payloadFormat());
            Map<String, @Nullable AttributeValue> fields = withDue(
                    fields(table, key, call.fields()), call.due(), table.clock().instant());
            Instant expires = call.expiry() instanceof Expiry.After after
                    ? after.from(table.clock().instant())
                    : null;
            EncodedItem item = new EncodedItem(
                    key, keyAttributes, payload, fields, call.expiry(), call.due(), expires, call.fencingToken());
            if (!item.certainlyFits()) {
                ItemSize.check(item.attributes(table.schema(), 1));
            }
            return item;
        } catch (InvalidInputException e) {
            throw e.at("Table " + table.name() + ", key " + key);
        }
    }

    /** Whether an upper bound of its size is within the limit, so that the size need not be counted. */
    private boolean certainlyFits() {
        long rest = OVERHEAD + ItemSize.atMost(payload);
        for (Map.Entry<String, @Nullable AttributeValue> field : fields.entrySet()) {
            rest += ItemSize.atMost(field.getKey())
                    + (field.getValue() == null ? 0 : ItemSize.atMost(field.getValue()));
        }
        return rest <= ItemSize.LARGEST;
    }

    /** The attributes of the whole item at a version. */
    public Map<String, AttributeValue> attributes(TableSchema schema, long version) {
        Map<String, AttributeValue> attributes = new HashMap<>(keyAttributes);
        attributes.put(schema.version(), AttributeValue.fromN(Long.toString(version)));
        attributes.put(schema.payload(), payload);
        if (expires != null) {
            attributes.put(schema.expires(), seconds(expires));
        }
        if (fence != null) {
            attributes.put(LockAttributes.FENCE, AttributeValue.fromN(Long.toString(fence)));
        }
        fields.forEach((name, value) -> {
            if (value != null) {
                attributes.put(name, value);
            }
        });
        return attributes;
    }

    /** An instant as it is stored: whole epoch seconds, rounded down. */
    public static AttributeValue seconds(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.getEpochSecond()));
    }

    /** Work queues read when an item is due from an attribute of their own, which is written as a field is. */
    private static Map<String, @Nullable AttributeValue> withDue(
            Map<String, @Nullable AttributeValue> fields, Due due, Instant now) {
        if (due instanceof Due.Keep) {
            return fields;
        }
        Instant from = due instanceof Due.At at ? at.instant() : now.plus(((Due.After) due).delay());
        Map<String, @Nullable AttributeValue> more = new HashMap<>(fields);
        more.put(QueueAttributes.FROM, AttributeValue.fromN(Long.toString(from.toEpochMilli())));
        return more;
    }

    /** The fields that the caller has given. */
    public Map<String, @Nullable AttributeValue> ownFields() {
        if (!fields.containsKey(QueueAttributes.FROM)) {
            return fields;
        }
        Map<String, @Nullable AttributeValue> own = new HashMap<>(fields);
        own.remove(QueueAttributes.FROM);
        return own;
    }

    private static Map<String, @Nullable AttributeValue> fields(
            TableContext table, Key key, Map<String, @Nullable Object> given) {
        if (given.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable AttributeValue> fields = new HashMap<>();
        given.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new InvalidInputException("An extra field has an empty name: give it one.");
            }
            // Else DynamoDB Local stores an item that no client of the SDK can read.
            Texts.sound(name);
            if (table.schema().reserves(name)) {
                throw new ReservedFieldException(table.name(), key, name);
            }
            fields.put(name, value == null ? null : table.codec().encodeField(value));
        });
        return fields;
    }
}
