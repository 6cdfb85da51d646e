/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.Numbers;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.ParsedItem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads single attributes of items, which the SDK has read or a {@link ParsedItem} has. For text and numbers of the
 * latter no AttributeValue is made. Stateless.
 */
final class Attributes {

    private Attributes() {}

    /** The number of an attribute, as the service wrote it; null if it is missing or of another type. */
    static @Nullable String number(Map<String, AttributeValue> item, String name) {
        if (item instanceof ParsedItem parsed) {
            return (String) parsed.get(name, Kind.NUMBER);
        }
        AttributeValue value = item.get(name);
        return value == null ? null : value.n();
    }

    /** The Java value of a part of the key: see {@link KeyAttribute#decode}. */
    static @Nullable Object part(Map<String, AttributeValue> item, KeyAttribute key) {
        if (item instanceof ParsedItem parsed && key.type() == KeyType.STRING) {
            return parsed.get(key.name(), Kind.TEXT);
        }
        if (item instanceof ParsedItem && key.type() == KeyType.NUMBER) {
            String number = number(item, key.name());
            return number == null ? null : Numbers.value(number);
        }
        return key.decode(item.get(key.name()));
    }

    /** The Java value of a payload: see {@link PayloadCodec#decode}. */
    static @Nullable Object payload(
            Map<String, AttributeValue> item, String name, PayloadCodec codec, PayloadFormat format) {
        Object text = item instanceof ParsedItem parsed ? parsed.get(name, Kind.TEXT) : null;
        return text == null ? codec.decode(item.get(name), format) : codec.decodeText((String) text, format);
    }

    /** The names of those that the schema does not reserve, in their order. */
    static List<String> fields(Map<String, AttributeValue> item, TableSchema schema) {
        if (item instanceof ParsedItem parsed) {
            return parsed.fields(schema);
        }
        // Most items have none, and need no list.
        List<String> fields = List.of();
        for (String name : item.keySet()) {
            if (!schema.reserves(name)) {
                fields = fields.isEmpty() ? new ArrayList<>() : fields;
                fields.add(name);
            }
        }
        return fields;
    }

    /** The Java value of an attribute that is there: see {@link PayloadCodec#decodeField}. */
    static @Nullable Object field(Map<String, AttributeValue> item, String name, PayloadCodec codec) {
        String number = item instanceof ParsedItem ? number(item, name) : null;
        if (number != null) {
            return Numbers.value(number);
        }
        Object text = item instanceof ParsedItem parsed ? parsed.get(name, Kind.TEXT) : null;
        return text == null ? codec.decodeField(Objects.requireNonNull(item.get(name))) : text;
    }
}
