/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * Makes the value to store of a message's body, for the payload format.
 *
 * <p>A stream is read to its end, no further than an item can hold, and stands in the body afterwards as if it had not
 * been read: otherwise a redelivery would store the rest, which is nothing.
 */
final class BodyReader {

    /** DynamoDB takes 400 KB; JSON text may be longer than the document that it becomes. */
    private static final int LONGEST = 400 * 1024;

    private static final int LONGEST_JSON = 8 * LONGEST;

    /** For a whole transaction: ten times the 4 MB that one may have. */
    private static final int LONGEST_DOCUMENT = 40 * 1024 * 1024;

    private BodyReader() {}

    /**
     * The value to store.
     *
     * @throws InvalidInputException if the body can't be converted; the message quotes nothing of it
     */
    static @Nullable Object value(Exchange exchange, PayloadFormat format) {
        return value(exchange, rereadable(exchange, exchange.getMessage()), format);
    }

    /** The text or bytes of a document that is larger than an item, if that is what the body is; else the body. */
    static @Nullable Object document(Exchange exchange) {
        Object body = rereadable(exchange, exchange.getMessage());
        return body == null ? null : plain(exchange, body, LONGEST_DOCUMENT);
    }

    /**
     * The value to store for something in the body.
     *
     * @throws InvalidInputException if it can't be converted; the message quotes nothing of it
     */
    static @Nullable Object value(Exchange exchange, @Nullable Object body, PayloadFormat format) {
        if (body == null) {
            return null;
        }
        return switch (format) {
            case AUTO -> plain(exchange, body, LONGEST);
            case JSON -> plain(exchange, body, LONGEST_JSON);
            case TEXT -> body instanceof String ? body : text(exchange, body);
            case BINARY -> body instanceof byte[] ? body : bytes(exchange, body);
        };
    }

    private static @Nullable Object rereadable(Exchange exchange, Message message) {
        Object body = message.getBody();
        if ((body instanceof InputStream || body instanceof Reader) && !(body instanceof StreamCache)) {
            StreamCache cache =
                    exchange.getContext().getTypeConverter().tryConvertTo(StreamCache.class, exchange, body);
            if (cache != null) {
                message.setBody(cache);
                return cache;
            }
        }
        return body;
    }

    private static Object plain(Exchange exchange, Object body, int longest) {
        boolean streams = body instanceof InputStream
                || body instanceof StreamCache
                || body instanceof Reader
                || body instanceof WrappedFile<?>
                || body instanceof File
                || body instanceof Path;
        return streams ? read(exchange, body, longest) : body;
    }

    /** By the exchange's character set; a stream is read no further than an item can hold. */
    private static String text(Exchange exchange, Object body) {
        return converted(exchange, body instanceof StreamCache ? plain(exchange, body, LONGEST) : body, String.class);
    }

    private static byte[] bytes(Exchange exchange, Object body) {
        if (body instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return plain(exchange, body, LONGEST) instanceof byte[] bytes ? bytes : converted(exchange, body, byte[].class);
    }

    private static byte[] read(Exchange exchange, Object body, int longest) {
        Object source = body instanceof Path path ? path.toFile() : body;
        try (InputStream stream = converted(exchange, source, InputStream.class)) {
            byte[] bytes = stream.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new InvalidInputException("The body has more than " + longest
                        + " bytes, and DynamoDB takes items of 400 KB: store it elsewhere and a"
                        + " reference here, or split it.");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The body is a stream that can't be read (" + e.getClass().getSimpleName() + ").");
        } finally {
            rewind(body);
        }
    }

    private static <T> T converted(Exchange exchange, Object body, Class<T> type) {
        T value;
        try {
            value = exchange.getContext().getTypeConverter().tryConvertTo(type, exchange, body);
        } catch (TypeConversionException e) {
            // Its message quotes the value.
            value = null;
        } finally {
            if (type != InputStream.class) {
                rewind(body);
            }
        }
        if (value == null) {
            throw new InvalidInputException("The body, a " + body.getClass().getName() + ", can't be converted to "
                    + type.getSimpleName() + ": convert it in the route, or use another payload format.");
        }
        return value;
    }

    private static void rewind(Object body) {
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
    }
}
