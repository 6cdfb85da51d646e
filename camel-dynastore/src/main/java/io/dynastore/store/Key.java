/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key of an item: a partition key and, if the table has one, a sort key.
 *
 * <p>A key value is a {@link String}, a {@link Number} or a {@code byte[]}; a {@link ByteBuffer} becomes a
 * {@code byte[]}. Numbers are normalised: to a {@link Long} if they are whole and in its range, else to a
 * {@link java.math.BigDecimal} without trailing zeros. Bytes are compared by content. So two keys are equal if and
 * only if they are equal in DynamoDB.
 *
 * <p>Immutable and thread safe: arrays are copied by the constructor and by the accessors.
 *
 * @param partitionKey the partition key, never null
 * @param sortKey the sort key; null for a table without one
 */
public record Key(Object partitionKey, @Nullable Object sortKey) {

    private static final int SHOWN = 200;

    /**
     * Normalises the values.
     *
     * @throws InvalidInputException if a value has a type that no key has, or is a number that DynamoDB can't hold
     */
    public Key {
        partitionKey = normal(Objects.requireNonNull(partitionKey, "partitionKey"));
        sortKey = sortKey == null ? null : normal(sortKey);
    }

    /** A key of a table with a sort key. */
    public static Key of(Object partitionKey, Object sortKey) {
        return new Key(partitionKey, sortKey);
    }

    /** A key of a table without a sort key. */
    public static Key of(Object partitionKey) {
        return new Key(partitionKey, null);
    }

    @Override
    public Object partitionKey() {
        return copied(partitionKey);
    }

    @Override
    public @Nullable Object sortKey() {
        return sortKey == null ? null : copied(sortKey);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key
                && Objects.deepEquals(partitionKey, key.partitionKey)
                && Objects.deepEquals(sortKey, key.sortKey);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new @Nullable Object[] {partitionKey, sortKey});
    }

    /** The key for messages: control characters escaped, bytes in hexadecimal, long values cut. */
    @Override
    public String toString() {
        return sortKey == null
                ? "[" + shown(partitionKey) + "]"
                : "[" + shown(partitionKey) + ", " + shown(sortKey) + "]";
    }

    /**
     * A key value for messages, or a list of them: control characters escaped, bytes in hexadecimal, cut after 200
     * characters.
     */
    public static String shown(@Nullable Object value) {
        if (value instanceof List<?> values) {
            return values.stream().map(Key::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        String text = value instanceof byte[] bytes ? "0x" + HexFormat.of().formatHex(bytes) : String.valueOf(value);
        StringBuilder safe = new StringBuilder();
        text.chars().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return text.length() > SHOWN ? safe + "…" : safe.toString();
    }

    /** Normalises a key value to the form in which keys are compared. */
    static Object normal(Object value) {
        if (value instanceof String) {
            return value;
        }
        if (value instanceof Number number) {
            return Numbers.value(Numbers.text(number));
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        throw new InvalidInputException("A key value is a String, a Number or a byte[], not a "
                + value.getClass().getName() + ".");
    }

    private static Object copied(Object value) {
        return value instanceof byte[] bytes ? bytes.clone() : value;
    }
}
