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
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** The character sets that bodies declare, and decoding that loses nothing. Stateless. */
final class CharacterSets {

    private CharacterSets() {}

    /**
     * The character set that a body declares: that of its file, else that of the exchange.
     *
     * @return null if none is declared
     * @throws InvalidInputException if there is none of that name
     */
    static @Nullable Charset declared(Exchange exchange, @Nullable Object body) {
        Charset own = ofFile(exchange, body);
        return own == null ? named(ExchangeHelper.getCharsetName(exchange, false)) : own;
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
