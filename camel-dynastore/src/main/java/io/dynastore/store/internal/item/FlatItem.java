/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.ReservedFieldException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.Texts;
import io.dynastore.store.WriteCall;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item whose payload is its attributes: see {@link TableSchema#flat}. Stateless. */
final class FlatItem {

    private FlatItem() {}

    /**
     * Checks that a call and the layout of the table agree.
     *
     * @throws InvalidInputException if only the call says that items are flat: then it would read them in another way
     */
    static void check(TableSchema schema, WriteCall call) {
        if (call.payloadMode().flat() && !schema.flat()) {
            throw new InvalidInputException("The payload mode of the message describes flat items, and that of the URI"
                    + " does not: set payloadMode=flat in the URI, since reads need it as well.");
        }
    }

    /** Whether a write replaces all attributes of an item that is there. */
    static boolean replaced(TableSchema schema, WriteCall call) {
        return schema.flat()
                && call.kind() != WriteCall.Kind.CREATE
                && call.payloadMode().change() == PayloadMode.REPLACE;
    }

    /**
     * The members of a payload, as attributes. A member that repeats a part of the key is left out.
     *
     * @throws InvalidInputException if it is no document
     * @throws ReservedFieldException if a member has the name of an attribute that is none of the payload
     */
    static Map<String, AttributeValue> attributes(
            TableContext table, WriteCall call, Map<String, AttributeValue> key, AttributeValue payload) {
        if (!payload.hasM()) {
            throw new InvalidInputException("The payload is of the type " + payload.type()
                    + " and no document, and a flat item (payloadMode=flat) consists of its members: send a Map or an"
                    + " object, or with payloadFormat=json a JSON object.");
        }
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        payload.m().forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new InvalidInputException("A member of the payload has an empty name: give it one.");
            }
            Texts.sound(name);
            if (value.equals(key.get(name))) {
                return;
            }
            if (table.schema().reserves(name)) {
                throw new ReservedFieldException(table.name(), call.key(), name);
            }
            attributes.put(name, value);
        });
        return attributes;
    }

    /**
     * The fields of a write that stores a flat item: its payload, and what the caller sets beside it.
     *
     * @throws InvalidInputException if the two have an attribute in common
     */
    static Map<String, @Nullable AttributeValue> fields(
            Map<String, AttributeValue> payload,
            Map<String, @Nullable AttributeValue> fields,
            @Nullable ItemChanges changes) {
        Map<String, @Nullable AttributeValue> all = new HashMap<>(fields);
        payload.forEach((name, value) -> {
            if (all.containsKey(name)
                    || (changes != null && changes.attributes().containsKey(name))) {
                throw ItemChanges.twice(name);
            }
            all.put(name, value);
        });
        return all;
    }

    /** The attributes of a stored item that are its payload, and that a write of the whole payload does not set. */
    static Set<String> gone(TableSchema schema, EncodedItem item, StoredItem stored) {
        Set<String> gone = new HashSet<>(schema.fieldsOf(stored.attributes()).keySet());
        gone.removeAll(item.fields().keySet());
        if (item.changes() != null) {
            gone.removeAll(item.changes().attributes().keySet());
        }
        return gone;
    }
}
