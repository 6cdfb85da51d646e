/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies that are streams or files: no further than one byte or character behind what an item can hold.
 *
 * <p>A stream stands in the body afterwards as if it had not been read: otherwise a redelivery would store the rest,
 * which is nothing, or only the end of what was too long.
 */
final class StreamedBody {

    private StreamedBody() {}

    /** Whether it is a stream or a file. */
    static boolean isOne(@Nullable Object body) {
        return body instanceof InputStream
                || body instanceof StreamCache
                || body instanceof Reader
                || body instanceof WrappedFile<?>
                || body instanceof File
                || body instanceof Path;
    }

    /** Whether it can be read only once. */
    static boolean passes(@Nullable Object body) {
        return (body instanceof InputStream || body instanceof Reader) && !(body instanceof StreamCache);
    }

    /**
     * Reads a stream that can be read only once, and puts what was read in its place.
     *
     * @param most bytes or characters
     * @return what stands in the body now, and can be read again
     */
    static Object keep(Message message, Object body, int most) {
        try {
            StreamCache cache = body instanceof Reader reader
                    ? keep(message, reader, most)
                    : keep(message, (InputStream) body, most);
            message.setBody(cache);
            return cache;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static StreamCache keep(Message message, InputStream stream, int most) throws IOException {
        byte[] bytes = stream.readNBytes(most + 1);
        if (bytes.length > most) {
            PushbackInputStream whole = new PushbackInputStream(stream, bytes.length);
            whole.unread(bytes);
            message.setBody(whole);
            throw tooLong(most);
        }
        stream.close();
        return new InputStreamCache(bytes);
    }

    private static StreamCache keep(Message message, Reader reader, int most) throws IOException {
        String text = read(reader, most);
        if (text.length() > most) {
            PushbackReader whole = new PushbackReader(reader, text.length());
            whole.unread(text.toCharArray());
            message.setBody(whole);
            throw tooLong(most);
        }
        reader.close();
        return new ReaderCache(text);
    }

    /**
     * The content of a stream or file.
     *
     * @param most the most bytes that are read
     * @param longest the most bytes of UTF-8 that its characters may be
     * @return a String if it consists of characters, else a byte[]
     */
    static Object read(Exchange exchange, Object body, int most, int longest) {
        try {
            if (body instanceof Reader reader) {
                String text = read(reader, longest);
                checkLength(text, longest);
                return text;
            }
            return bytes(exchange, body, most);
        } catch (IOException e) {
            throw broken(e);
        } finally {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
        }
    }

    private static byte[] bytes(Exchange exchange, Object body, int most) throws IOException {
        InputStream stream = opened(exchange, body);
        try {
            byte[] bytes = stream.readNBytes(most + 1);
            if (bytes.length > most) {
                throw tooLong(most);
            }
            return bytes;
        } finally {
            if (stream != body) {
                stream.close();
            }
        }
    }

    private static InputStream opened(Exchange exchange, Object body) throws IOException {
        if (body instanceof InputStream stream) {
            return stream;
        }
        if (CharacterSets.ofFile(exchange, body) != null
                && body instanceof WrappedFile<?> wrapped
                && wrapped.getFile() instanceof File file) {
            // Camel would decode the file, and encode it in the character set of the JVM.
            return new FileInputStream(file);
        }
        InputStream stream;
        try {
            stream = exchange.getContext()
                    .getTypeConverter()
                    .tryConvertTo(InputStream.class, exchange, body instanceof Path path ? path.toFile() : body);
        } catch (TypeConversionException e) {
            // Its message quotes the value.
            stream = null;
        }
        if (stream == null) {
            throw new InvalidInputException("The body, a " + body.getClass().getName() + ", can't be read: does the"
                    + " file exist? Read it in the route, and send its text or bytes.");
        }
        return stream;
    }

    private static String read(Reader reader, int most) throws IOException {
        char[] characters = new char[Math.min(most + 1, 8 * 1024)];
        int length = 0;
        for (int read = 0; read >= 0 && length <= most; ) {
            if (length == characters.length) {
                characters = Arrays.copyOf(characters, (int) Math.min(most + 1L, 2L * length));
            }
            read = reader.read(characters, length, characters.length - length);
            length += Math.max(read, 0);
        }
        return new String(characters, 0, length);
    }

    /**
     * Checks that a text is not too long for an item.
     *
     * @throws InvalidInputException if it is certainly longer than that in UTF-8
     */
    static void checkLength(String text, int longest) {
        if (text.length() > longest) {
            throw tooLong(longest);
        }
    }

    private static InvalidInputException tooLong(int most) {
        return new InvalidInputException("The body has more than " + most
                + " bytes, and DynamoDB takes items of 400 KB: store it elsewhere and a reference here, or split it.");
    }

    private static InvalidInputException broken(IOException error) {
        return new InvalidInputException("The body is a stream that can't be read ("
                + error.getClass().getSimpleName() + "): send it again, or its text or bytes.");
    }
}
