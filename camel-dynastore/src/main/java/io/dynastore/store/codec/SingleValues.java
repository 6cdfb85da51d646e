/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.Calendar;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Recognises what stands for one value: text, a number, bytes, a boolean, an enum constant, a UUID, a date, or a JSON
 * scalar. Only such values become keys, names and settings. The text of any other object would be an accident, such as
 * {@code [a, b]} or {@code [B@1b2c3d}. Stateless.
 */
public final class SingleValues {

    /** No number of 38 digits is longer, whichever way it is written; longer text would only cost time. */
    private static final int LONGEST_NUMBER = 200;

    private SingleValues() {}

    /**
     * The value as a String, a {@link Number} or a byte[].
     *
     * @return null if it is not a single value
     */
    public static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Number || value instanceof byte[]) {
            return value;
        }
        if (value instanceof CharSequence
                || value instanceof Character
                || value instanceof Boolean
                || value instanceof Enum<?>
                || value instanceof UUID
                || value instanceof TemporalAccessor) {
            return value.toString();
        }
        if (value instanceof char[] characters) {
            return new String(characters);
        }
        if (value instanceof JsonNode node) {
            return json(node);
        }
        byte[] bytes = buffered(value);
        return bytes == null ? date(value) : bytes;
    }

    /**
     * The value as text; bytes are read as UTF-8.
     *
     * @return null if it is not a single value, or bytes that are no text
     */
    public static @Nullable String text(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }
        return plain == null ? null : plain.toString();
    }

    /**
     * The value as bytes; text becomes UTF-8.
     *
     * @return null if it is not a single value
     */
    public static byte @Nullable [] bytes(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof byte[] bytes) {
            return bytes;
        }
        return plain == null ? null : plain.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The value as a number; text is parsed.
     *
     * @return null if it is not a single value, or no number
     */
    public static @Nullable Number number(@Nullable Object value) {
        if (plain(value) instanceof Number number) {
            return number;
        }
        String text = text(value);
        try {
            return text == null || text.length() > LONGEST_NUMBER ? null : new BigDecimal(text.trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Object json(JsonNode node) {
        try {
            return switch (node.getNodeType()) {
                case STRING -> node.textValue();
                case NUMBER -> node.numberValue();
                case BOOLEAN -> node.asText();
                case BINARY -> node.binaryValue();
                case POJO -> plain(((POJONode) node).getPojo());
                case NULL, MISSING, ARRAY, OBJECT -> null;
            };
        } catch (IOException e) {
            return null;
        }
    }

    private static byte @Nullable [] buffered(@Nullable Object value) {
        if (value instanceof SdkBytes bytes) {
            return bytes.asByteArray();
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return null;
    }

    /** ISO-8601 for dates that are instants: their own text drops milliseconds and depends on the time zone. */
    @SuppressWarnings("JavaUtilDate") // a route may hold one
    private static @Nullable String date(@Nullable Object value) {
        if (value instanceof Calendar calendar) {
            return calendar.toInstant().toString();
        }
        if (value instanceof Date date) {
            return date.getClass() == Date.class
                    ? Instant.ofEpochMilli(date.getTime()).toString()
                    : date.toString();
        }
        return null;
    }
}
