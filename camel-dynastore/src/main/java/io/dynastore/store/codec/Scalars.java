/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Numbers;
import io.dynastore.store.Texts;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Converts text, numbers, booleans and bytes to attribute values, and the keys of Maps to names. Stateless. */
final class Scalars {

    private Scalars() {}

    /** Null if the value is none. */
    static @Nullable AttributeValue encode(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return AttributeValue.fromS(Texts.sound(String.valueOf(value)));
        }
        if (value instanceof char[] characters) {
            return AttributeValue.fromS(Texts.sound(new String(characters)));
        }
        if (value instanceof Number number) {
            return AttributeValue.fromN(Numbers.text(number));
        }
        if (value instanceof Boolean bool) {
            return AttributeValue.fromBool(bool);
        }
        SdkBytes bytes = bytes(value);
        return bytes == null ? null : AttributeValue.fromB(bytes);
    }

    /** The value as bytes; null if it holds none. */
    static @Nullable SdkBytes bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return SdkBytes.fromByteArray(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return SdkBytes.fromByteBuffer(buffer.duplicate());
        }
        return value instanceof SdkBytes bytes ? bytes : null;
    }

    /**
     * The name that a key of a Map stands for.
     *
     * @throws InvalidInputException if it is null, empty or no single value
     */
    static String name(@Nullable Object key) {
        String name = key == null ? "" : SingleValues.text(key);
        if (name == null) {
            throw new InvalidInputException("A map has a key of type "
                    + Objects.requireNonNull(key).getClass().getName()
                    + ", which is no single value: give each entry a text as its name.");
        }
        if (name.isEmpty()) {
            throw new InvalidInputException("A map has a null or empty key: give each entry a name.");
        }
        return Texts.sound(name);
    }
}
