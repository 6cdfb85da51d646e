/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One attribute of a table's or an index's key.
 *
 * @param name the attribute's name, not empty
 * @param type the type that the table declares for it
 */
public record KeyAttribute(String name, KeyType type) {

    /** The service's limit for partition keys, in bytes. */
    public static final int LONGEST_PARTITION_KEY = 2048;

    /** The service's limit for sort keys, in bytes. */
    public static final int LONGEST_SORT_KEY = 1024;

    public KeyAttribute {
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a key attribute must not be empty.");
        }
    }

    /**
     * The attribute value of a Java value.
     *
     * @param value text for a string key, a {@link Number} for a number key, {@code byte[]} for a binary key
     * @param longest the limit in bytes
     * @throws InvalidInputException if the value is missing, empty, too long or of another type
     */
    public AttributeValue encode(@Nullable Object value, int longest) {
        return switch (type) {
            case STRING ->
                value instanceof String text
                        ? AttributeValue.fromS(fitting(Texts.sound(text), bytes(text, longest), longest))
                        : refuse(value);
            case NUMBER -> value instanceof Number number ? AttributeValue.fromN(Numbers.text(number)) : refuse(value);
            case BINARY ->
                value instanceof byte[] bytes
                        ? AttributeValue.fromB(SdkBytes.fromByteArray(fitting(bytes, bytes.length, longest)))
                        : refuse(value);
        };
    }

    /** The Java value of a stored attribute; null if it is missing or of another type. */
    public @Nullable Object decode(@Nullable AttributeValue stored) {
        if (stored == null) {
            return null;
        }
        return switch (type) {
            case STRING -> stored.s();
            case NUMBER -> stored.n() == null ? null : Numbers.value(stored.n());
            case BINARY -> stored.b() == null ? null : stored.b().asByteArray();
        };
    }

    /** The length of a text in UTF-8; counted exactly only if it could exceed the limit. */
    private static int bytes(String text, int longest) {
        return text.length() <= longest / 3 ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private <T> T fitting(T value, int size, int longest) {
        if (size == 0) {
            throw new InvalidInputException("The value of key attribute '" + name + "' is empty: give a value.");
        }
        if (size > longest) {
            throw new InvalidInputException("The value of key attribute '" + name + "' has " + size
                    + " bytes, DynamoDB takes " + longest + " at most: use a shorter key.");
        }
        return value;
    }

    private AttributeValue refuse(@Nullable Object value) {
        String given = value == null ? "is missing" : "is a " + value.getClass().getName();
        throw new InvalidInputException("The value of key attribute '" + name + "' " + given + ": give a "
                + type.name().toLowerCase(Locale.ROOT) + ".");
    }
}
