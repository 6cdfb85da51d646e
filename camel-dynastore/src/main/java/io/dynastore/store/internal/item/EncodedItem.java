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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The content of a write, encoded and checked before a request is sent. {@link ItemPut} shows the stored item.
 *
 * @param key the item's key
 * @param keyAttributes the encoded key
 * @param payload the encoded value; null if the write has none
 * @param changes what is changed inside the item; null if nothing is
 * @param fields the encoded extra fields, and what the write sets of a work queue; null removes a field
 * @param expiry what the write does to the expiry
 * @param due when the item is due, as the write says; what it sets is among the fields
 * @param dueOtherwise when the item is due in a queue with an index if it is not said yet; null: that stays open
 * @param expires the expiry that the write sets; null if it sets none
 * @param fence the fencing token; null if the write has none
 * @param replacing whether all attributes of a flat item are replaced; the fields are its payload, too
 */
public record EncodedItem(
        Key key,
        Map<String, AttributeValue> keyAttributes,
        @Nullable AttributeValue payload,
        @Nullable ItemChanges changes,
        Map<String, @Nullable AttributeValue> fields,
        Expiry expiry,
        Due due,
        @Nullable AttributeValue dueOtherwise,
        @Nullable Instant expires,
        @Nullable Long fence,
        boolean replacing) {

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
            ItemChanges changes = ItemChanges.of(table, call, keyAttributes);
            AttributeValue payload = changes != null && changes.payloadKept()
                    ? null
                    : table.codec().encode(call.value(), call.payloadFormat());
            Map<String, @Nullable AttributeValue> given = fields(table, key, call.fields());
            if (payload != null && table.schema().flat()) {
                given = FlatItem.fields(FlatItem.attributes(table, call, keyAttributes, payload), given, changes);
                payload = null;
            }
            Instant now = table.clock().instant();
            Map<String, @Nullable AttributeValue> fields = withQueue(table.schema(), given, call, keyAttributes, now);
            Instant expires = call.expiry() instanceof Expiry.After after ? after.from(now) : null;
            EncodedItem item = new EncodedItem(
                    key,
                    keyAttributes,
                    payload,
                    changes,
                    fields,
                    call.expiry(),
                    call.due(),
                    call.claimIndex() != null && call.due() instanceof Due.Keep ? millis(now) : null,
                    expires,
                    call.fencingToken(),
                    FlatItem.replaced(table.schema(), call));
            if (!item.certainlyFits()) {
                Map<String, AttributeValue> attributes = item.attributes(table.schema(), 1);
                ItemSize.check(attributes);
                if (call.claimIndex() != null || !(call.due() instanceof Due.Keep)) {
                    ItemSize.checkClaim(attributes);
                }
            }
            return item;
        } catch (InvalidInputException e) {
            throw e.at("Table " + table.name() + ", key " + key);
        }
    }

    /** Whether an upper bound of its size is within the limit, so that the size need not be counted. */
    private boolean certainlyFits() {
        if (payload == null || changes != null) {
            return false;
        }
        long rest = OVERHEAD + ItemSize.atMost(payload);
        for (Map.Entry<String, @Nullable AttributeValue> field : fields.entrySet()) {
            rest += ItemSize.atMost(field.getKey())
                    + (field.getValue() == null ? 0 : ItemSize.atMost(field.getValue()));
        }
        return rest <= ItemSize.LARGEST;
    }

    /** The same write that also removes attributes. */
    EncodedItem removing(Set<String> names) {
        if (names.isEmpty()) {
            return this;
        }
        Map<String, @Nullable AttributeValue> more = new HashMap<>(fields);
        names.forEach(name -> more.put(name, null));
        return new EncodedItem(
                key, keyAttributes, payload, changes, more, expiry, due, dueOtherwise, expires, fence, replacing);
    }

    /** The attributes of the whole item at a version. */
    public Map<String, AttributeValue> attributes(TableSchema schema, long version) {
        Map<String, AttributeValue> attributes = new HashMap<>(keyAttributes);
        attributes.put(schema.version(), AttributeValue.fromN(Long.toString(version)));
        if (payload != null) {
            attributes.put(schema.payload(), payload);
        }
        if (changes != null) {
            attributes.putAll(changes.initial());
        }
        if (expires != null) {
            attributes.put(schema.expires(), seconds(expires));
        }
        if (fence != null) {
            attributes.put(LockAttributes.FENCE, AttributeValue.fromN(Long.toString(fence)));
        }
        if (dueOtherwise != null) {
            attributes.put(QueueAttributes.FROM, dueOtherwise);
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

    private static AttributeValue millis(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.toEpochMilli()));
    }

    /** Work queues read when an item is due from an attribute of their own, which is written as a field is. */
    private static Map<String, @Nullable AttributeValue> withQueue(
            TableSchema schema,
            Map<String, @Nullable AttributeValue> fields,
            WriteCall call,
            Map<String, AttributeValue> key,
            Instant now) {
        if (call.due() instanceof Due.Keep && call.claimIndex() == null) {
            return fields;
        }
        Map<String, @Nullable AttributeValue> more = new HashMap<>(fields);
        if (call.due() instanceof Due.At at) {
            more.put(QueueAttributes.FROM, millis(at.instant()));
        } else if (call.due() instanceof Due.After after) {
            more.put(QueueAttributes.FROM, millis(now.plus(after.delay())));
        }
        if (call.claimIndex() != null) {
            more.put(QueueAttributes.SHARD, call.claimIndex().shard(schema, key));
        }
        return more;
    }

    /** What the write stores as payload, or changes inside the item: what makes a repetition the same write. */
    public @Nullable Object content() {
        return changes == null ? payload : Arrays.asList(payload, changes);
    }

    /**
     * The new values of what the write added to; null if the caller does not ask for them.
     *
     * @param updated the attributes after the write, or those that it has changed
     */
    @Nullable
    public Map<String, @Nullable Object> increments(TableContext table, Map<String, AttributeValue> updated) {
        return changes == null ? null : changes.values(table, updated);
    }

    /** Adds the names of the version, and of the attributes in which the write adds to numbers. */
    public void incrementNames(TableSchema schema, Map<String, String> names) {
        names.put(Expressions.VERSION, schema.version());
        if (changes != null) {
            changes.attributes().keySet().forEach(name -> names.put("#x" + names.size(), name));
        }
    }

    /** Whether the service has to return the changed attributes, also if the version is known. */
    public boolean returnsIncrements() {
        return changes != null && changes.returned();
    }

    /** The fields that the caller has given. */
    public Map<String, @Nullable AttributeValue> ownFields() {
        if (!fields.containsKey(QueueAttributes.FROM) && !fields.containsKey(QueueAttributes.SHARD)) {
            return fields;
        }
        Map<String, @Nullable AttributeValue> own = new HashMap<>(fields);
        own.remove(QueueAttributes.FROM);
        own.remove(QueueAttributes.SHARD);
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
