/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.IOHelper;
import org.jspecify.annotations.Nullable;

/** The character sets that bodies declare, and decoding that loses nothing. Stateless. */
public final class CharacterSets {

    private CharacterSets() {}

    /**
     * The character set that a body declares: that of its file, else that of the exchange.
     *
     * @return null if none is declared
     * @throws InvalidInputException if there is none of that name
     */
    static @Nullable Charset declared(Exchange exchange, @Nullable Object body) {
        Charset own = ofFile(exchange, body);
        return own == null ? ofExchange(exchange) : own;
    }

    /**
     * The character set that the header or property CamelCharsetName declares, as a text or a Charset. Nothing is
     * converted: a converter would read a file or a stream for the name.
     *
     * @return null if none is declared
     * @throws InvalidInputException if there is none of that name, or the value is no name
     */
    public static @Nullable Charset ofExchange(Exchange exchange) {
        Object header = exchange.getIn().getHeader(Exchange.CHARSET_NAME);
        Object given = header == null ? exchange.getProperty(Exchange.CHARSET_NAME) : header;
        if (given == null || given instanceof Charset) {
            return (Charset) given;
        }
        if (given instanceof CharSequence name) {
            return named(IOHelper.normalizeCharset(name.toString()));
        }
        throw new InvalidInputException("The header or property " + Exchange.CHARSET_NAME + " is a "
                + given.getClass().getName() + ", which names no character set: set it to a name, such as UTF-8.");
    }

    /** The character set that was configured for a file, as by the option charset of Camel's file component. */
    static @Nullable Charset ofFile(Exchange exchange, @Nullable Object body) {
        return body instanceof WrappedFile<?>
                ? named((String) PluginHelper.getBeanIntrospection(exchange.getContext())
                        .getOrElseProperty(body, "charset", null, false))
                : null;
    }

    private static @Nullable Charset named(@Nullable String name) {
        try {
            return name == null ? null : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InvalidInputException(
                    "There is no character set '" + Key.shown(name) + "': correct the one that the body declares.");
        }
    }

    /**
     * The text of bytes.
     *
     * @throws InvalidInputException if they are no text in that character set
     */
    static String decode(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("The body is not text in " + charset.name()
                    + ": declare its character set by the header or property " + Exchange.CHARSET_NAME
                    + ", or store it with payload format auto or binary.");
        }
    }
}
