/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.codec.SingleValues;
import org.jspecify.annotations.Nullable;

/**
 * Converts key values to the declared type. Only a single value can be one: the text of a list or of any other object
 * would be an accident, and an item under it could hardly be found again. Stateless.
 */
final class KeyConversion {

    private KeyConversion() {}

    /**
     * The value as the attribute's type.
     *
     * @param place where the value stands, for the message
     * @throws InvalidInputException naming the place and what is wrong with the value
     */
    static Object convert(Object value, KeyAttribute attribute, String place) {
        Object converted =
                switch (attribute.type()) {
                    case STRING -> SingleValues.text(value);
                    case NUMBER -> SingleValues.number(value);
                    case BINARY -> SingleValues.bytes(value);
                };
        if (converted == null) {
            throw new InvalidInputException(place + " can't be read as a " + described(attribute.type())
                    + " for the key attribute '" + attribute.name() + "': it is " + shown(value) + ". "
                    + remedy(value, attribute));
        }
        if (converted.equals("") || (converted instanceof byte[] bytes && bytes.length == 0)) {
            throw new InvalidInputException(
                    place + " is empty, and DynamoDB has no empty keys: give a value for '" + attribute.name() + "'.");
        }
        return converted;
    }

    /** A key's value is no payload, and so may be shown. That of an object that is none may hold anything. */
    private static String shown(Object value) {
        Object plain = SingleValues.plain(value);
        return plain == null
                ? "a " + value.getClass().getName() + ", which is no single value"
                : "'" + Key.shown(plain) + "' (" + value.getClass().getName() + ")";
    }

    private static String remedy(@Nullable Object value, KeyAttribute attribute) {
        if (value instanceof Key || value instanceof Item) {
            return "Give the partition key and the sort key by a header each.";
        }
        return SingleValues.plain(value) == null
                ? "Give text, a number, bytes, a UUID or a date."
                : "Give a " + described(attribute.type()) + ", or correct the type of the key attribute.";
    }

    private static String described(KeyType type) {
        return switch (type) {
            case STRING -> "text";
            case NUMBER -> "number";
            case BINARY -> "byte array";
        };
    }
}
