/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.codec.Contents;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the value to store of a message's body, for the payload format.
 *
 * <ol>
 *   <li>Characters stay characters, whatever holds them, and are stored in UTF-8. No other character set encodes them.
 *   <li>Bytes that have to become text are decoded once, in the character set that their file or the exchange declares,
 *       else in UTF-8. If they are no text in it, the body is rejected: no character is lost.
 *   <li>{@link StreamedBody} reads streams.
 * </ol>
 */
public final class BodyReader {

    /** DynamoDB takes 400 KB; JSON text may be longer than the document that it becomes. */
    private static final int LONGEST = 400 * 1024;

    private static final int LONGEST_JSON = 8 * LONGEST;

    /** For a whole transaction: ten times the 4 MB that one may have. */
    private static final int LONGEST_DOCUMENT = 40 * 1024 * 1024;

    private final Exchange exchange;
    private final int longest;

    private BodyReader(Exchange exchange, int longest) {
        this.exchange = exchange;
        this.longest = longest;
    }

    /**
     * The value to store of the message's body, which can be read again afterwards.
     *
     * @throws InvalidInputException if the body can't be converted; the message quotes nothing of it
     */
    public static @Nullable Object value(Exchange exchange, PayloadFormat format) {
        return value(exchange, rereadable(exchange, most(format)), format);
    }

    /** The text or bytes of a document that is larger than an item, if that is what the body is; else the body. */
    static @Nullable Object document(Exchange exchange) {
        Object body = rereadable(exchange, LONGEST_DOCUMENT);
        return body == null ? null : new BodyReader(exchange, LONGEST_DOCUMENT).json(body);
    }

    /**
     * The value to store for something in the body.
     *
     * @throws InvalidInputException if it can't be converted; the message quotes nothing of it
     */
    static @Nullable Object value(Exchange exchange, @Nullable Object given, PayloadFormat format) {
        Object body = given instanceof Optional<?> optional ? optional.orElse(null) : given;
        if (body == null) {
            return null;
        }
        BodyReader reader = new BodyReader(exchange, most(format));
        return switch (format) {
            case AUTO -> reader.plain(body);
            case JSON -> reader.json(body);
            case TEXT -> reader.text(body);
            case BINARY -> reader.bytes(body);
        };
    }

    private static int most(PayloadFormat format) {
        return format == PayloadFormat.JSON ? LONGEST_JSON : LONGEST;
    }

    private static @Nullable Object rereadable(Exchange exchange, int longest) {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        return StreamedBody.passes(body)
                ? StreamedBody.keep(message, body, body instanceof Reader ? longest : most(exchange, body, longest))
                : body;
    }

    /** How many bytes may be that many bytes in UTF-8. */
    private static int most(Exchange exchange, Object body, int longest) {
        Charset charset = CharacterSets.declared(exchange, body);
        long each =
                charset == null ? 1 : (long) Math.ceil(1 / charset.newDecoder().averageCharsPerByte());
        return (int) Math.min(Integer.MAX_VALUE / 2, each * longest);
    }

    private Object plain(Object body) {
        if (!StreamedBody.isOne(body)) {
            return body;
        }
        Object content = content(body);
        return content instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : content;
    }

    /** Text or bytes, if the body is one of these; else the body. */
    private Object json(Object body) {
        Object content = StreamedBody.isOne(body) ? content(body) : body;
        Charset charset = CharacterSets.declared(exchange, body);
        // Without a declared character set, the JSON parser finds out which one it is.
        if (charset == null || charset.equals(StandardCharsets.UTF_8)) {
            return content;
        }
        byte[] bytes = buffered(content);
        return bytes == null ? content : CharacterSets.decode(bytes, charset);
    }

    private String text(Object body) {
        Object content = StreamedBody.isOne(body) ? content(body) : body;
        String text = characters(content);
        byte[] bytes = text == null ? buffered(content) : null;
        if (bytes != null) {
            Charset charset = CharacterSets.declared(exchange, body);
            text = CharacterSets.decode(bytes, charset == null ? StandardCharsets.UTF_8 : charset);
        }
        if (text == null) {
            text = converted(content, String.class);
            if (text.startsWith(content.getClass().getName() + "@")) {
                throw unconvertible(content, String.class);
            }
        }
        StreamedBody.checkLength(text, longest);
        return text;
    }

    private byte[] bytes(Object body) {
        Object content = StreamedBody.isOne(body) ? content(body) : body;
        String text = characters(content);
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = buffered(content);
        return bytes != null ? bytes : converted(content, byte[].class);
    }

    /** A stream's characters or bytes. What declares a character set of its own, as a file may, is text. */
    private Object content(Object body) {
        Charset own = CharacterSets.ofFile(exchange, body);
        Object content = StreamedBody.read(exchange, body, most(exchange, body, longest), longest);
        return own != null && content instanceof byte[] bytes ? CharacterSets.decode(bytes, own) : content;
    }

    private static @Nullable String characters(Object content) {
        if (content instanceof char[] characters) {
            return new String(characters);
        }
        return content instanceof CharSequence ? String.valueOf(content) : null;
    }

    private static byte @Nullable [] buffered(Object content) {
        if (content instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return content instanceof byte[] bytes ? bytes : null;
    }

    private <T> T converted(Object content, Class<T> type) {
        T value;
        try {
            value = exchange.getContext().getTypeConverter().tryConvertTo(type, exchange, Contents.value(content));
        } catch (TypeConversionException e) {
            // Its message quotes the value.
            value = null;
        }
        if (value == null) {
            throw unconvertible(content, type);
        }
        return value;
    }

    private static InvalidInputException unconvertible(Object content, Class<?> type) {
        return new InvalidInputException("The body, a " + content.getClass().getName() + ", can't be converted to "
                + type.getSimpleName() + ": convert it in the route, or use another payload format.");
    }
}
