/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.DocumentPath;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.ReservedFieldException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.WriteCall;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a write changes inside an item, rather than replacing the payload and setting fields. Immutable.
 *
 * <p>Decision 22 in docs/decisions has the reasons.
 *
 * @param payloadKept whether the payload stays
 * @param attributes the changes, by the names of the attributes; none is a field that the write sets
 * @param increments the paths of numbers that are added to, by the texts that the caller gave
 * @param returned whether the caller wants to know the new values of these numbers
 */
public record ItemChanges(
        boolean payloadKept,
        Map<String, DocumentChange> attributes,
        Map<String, DocumentPath> increments,
        boolean returned) {

    /**
     * The changes of a write; null if it has none.
     *
     * @throws InvalidInputException if they contradict each other or the fields
     */
    static @Nullable ItemChanges of(TableContext table, WriteCall call, Map<String, AttributeValue> key) {
        FlatItem.check(table.schema(), call);
        PayloadMode mode = call.kind() == WriteCall.Kind.CREATE
                ? PayloadMode.REPLACE
                : call.payloadMode().change();
        boolean kept = mode != PayloadMode.REPLACE;
        if (!kept && call.increments().isEmpty()) {
            return null;
        }
        if (mode == PayloadMode.KEEP && call.value() != null) {
            throw new InvalidInputException(
                    "A write that keeps the payload (payloadMode=keep) has no value: leave one of them out.");
        }
        Map<String, DocumentChange> attributes = new LinkedHashMap<>();
        if (mode == PayloadMode.MERGE) {
            merge(table, call, key, attributes);
        }
        Map<String, DocumentPath> increments = new LinkedHashMap<>();
        call.increments().forEach((text, number) -> {
            DocumentPath path = DocumentPath.parse(text);
            check(table.schema(), call, mode, path);
            put(attributes, path, 0, new DocumentChange.Increment(table.codec().encodeField(number)));
            increments.put(text, path);
        });
        return new ItemChanges(kept, Collections.unmodifiableMap(attributes), increments, call.returnIncrements());
    }

    private static void merge(
            TableContext table,
            WriteCall call,
            Map<String, AttributeValue> key,
            Map<String, DocumentChange> attributes) {
        Map<String, AttributeValue> document = document(table, call);
        if (!table.schema().flat()) {
            attributes.put(table.schema().payload(), DocumentChange.Members.merging(document));
            return;
        }
        Map<String, AttributeValue> members = FlatItem.attributes(table, call, key, AttributeValue.fromM(document));
        members.keySet().stream().filter(call.fields()::containsKey).findFirst().ifPresent(name -> {
            throw twice(name);
        });
        attributes.putAll(DocumentChange.Members.merging(members).changes());
    }

    /** The error of a write that changes an attribute in two ways. */
    static InvalidInputException twice(String name) {
        return new InvalidInputException("The write changes the attribute '" + Key.shown(name)
                + "' both by its payload and by a field or an increment: leave one of the two out.");
    }

    private static Map<String, AttributeValue> document(TableContext table, WriteCall call) {
        AttributeValue value = table.codec().encode(call.value(), call.payloadFormat());
        if (!value.hasM()) {
            throw new InvalidInputException("The value to merge (payloadMode=merge) is of the type " + value.type()
                    + " and no document: send a Map or an object, or with payloadFormat=json a JSON object.");
        }
        return value.m();
    }

    private static void check(TableSchema schema, WriteCall call, PayloadMode mode, DocumentPath path) {
        String attribute = path.attribute();
        if (!schema.flat() && attribute.equals(schema.payload())) {
            if (mode == PayloadMode.REPLACE) {
                throw new InvalidInputException("The write replaces the payload, and adds to '" + path.shown()
                        + "' in it: leave that path out, or keep the payload (payloadMode=keep or merge).");
            }
        } else if (schema.reserves(attribute)) {
            throw new ReservedFieldException(schema.table(), call.key(), attribute);
        }
        if (call.fields().containsKey(attribute)) {
            throw new InvalidInputException(
                    "The write both sets the field '" + path.shown() + "' and adds to it: leave one of the two out.");
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, DocumentChange> changes, DocumentPath path, int depth, DocumentChange change) {
        String name = path.names().get(depth);
        DocumentChange there = changes.get(name);
        boolean last = depth == path.names().size() - 1;
        if (last && there == null) {
            changes.put(name, change);
            return;
        }
        if (last || (there != null && !(there instanceof DocumentChange.Members))) {
            throw new InvalidInputException(
                    "The write changes '" + path.shown() + "' and what contains it: leave one of the two out.");
        }
        Map<String, DocumentChange> members =
                there instanceof DocumentChange.Members document ? document.changes() : new LinkedHashMap<>();
        if (there == null) {
            changes.put(name, new DocumentChange.Members(members));
        }
        put(members, path, depth + 1, change);
    }

    /** The changed attributes of an item that is new. */
    Map<String, AttributeValue> initial() {
        return DocumentChange.Members.initial(attributes);
    }

    /**
     * The numbers after the write, by the texts that the caller gave.
     *
     * @param updated the changed attributes, or more
     * @return null if the caller does not want to know
     */
    @Nullable
    Map<String, @Nullable Object> values(TableContext table, Map<String, AttributeValue> updated) {
        if (!returned) {
            return null;
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        increments.forEach((text, path) -> {
            AttributeValue value = value(updated, path.names());
            if (value != null) {
                values.put(text, table.codec().decodeField(value));
            }
        });
        return Collections.unmodifiableMap(values);
    }

    private static @Nullable AttributeValue value(Map<String, AttributeValue> item, List<String> names) {
        AttributeValue value = item.get(names.get(0));
        for (int i = 1; i < names.size() && value != null; i++) {
            value = value.hasM() ? value.m().get(names.get(i)) : null;
        }
        return value;
    }
}
