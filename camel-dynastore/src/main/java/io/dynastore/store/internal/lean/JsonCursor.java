/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A position in the JSON of a response. Whoever reads says what must come next, and anything else is an error. So no
 * tokens are made, and no texts that nobody asks for. Not thread safe.
 *
 * <p>It is no parser for any JSON: a text with half a character is an error, and so is a number where a text is
 * expected. The SDK then reads the response.
 *
 * <p>Decision 25 in docs/decisions has the reasons.
 */
final class JsonCursor extends JsonWindow {

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final int UNICODE_DIGITS = 4;
    private static final int RADIX = 16;

    /** Bytes of a text with escapes that are copied at once, more or less. */
    private static final int MOST_AT_ONCE = 1024;

    private byte[] unescaped = {};

    /** Reads members of an object. */
    @FunctionalInterface
    interface Member {
        /** Reads the value of a member. */
        void read(String name) throws IOException;
    }

    /** Reads elements of an array. */
    @FunctionalInterface
    interface Element {
        /** Reads one. */
        void read() throws IOException;
    }

    /** The beginning of a body. */
    JsonCursor(ResponseBody body) {
        super(body);
    }

    /** Reads an object. */
    void object(Member member) throws IOException {
        expect('{');
        if (take('}')) {
            return;
        }
        do {
            member.read(name());
        } while (take(','));
        expect('}');
    }

    /** Reads an array. */
    void array(Element element) throws IOException {
        expect('[');
        if (take(']')) {
            return;
        }
        do {
            element.read();
        } while (take(','));
        expect(']');
    }

    /** Reads the name of a member. */
    String name() throws IOException {
        expect('"');
        textStart = at;
        String name = findEnd() == '"' ? Names.of(bytes, textStart, at) : null;
        if (name == null) {
            return lateName();
        }
        at++;
        textStart = NONE;
        expect(':');
        return name;
    }

    /** A name with escapes, or one that is seldom. */
    private String lateName() throws IOException {
        at = textStart;
        String name = restOfText();
        expect(':');
        return name;
    }

    /** Reads a text. */
    String text() throws IOException {
        expect('"');
        return restOfText();
    }

    /** Reads a text whose opening quote was read. */
    String restOfText() throws IOException {
        textStart = at;
        byte stop = findEnd();
        String text = stop == '"' ? decoded(bytes, textStart, at) : unescaped();
        at++;
        textStart = NONE;
        return text;
    }

    /** Passes over a text whose opening quote was read, and looks only for its end. */
    void skipRestOfText() throws IOException {
        for (byte stop = findEnd(); stop != '"'; stop = findEnd()) {
            if (stop != '\\') {
                throw unexpected();
            }
            at++;
            if (!has(1)) {
                throw new EOFException();
            }
            at++;
        }
        at++;
    }

    /** Reads a number. */
    double number() throws IOException {
        return Double.parseDouble(digits());
    }

    /** Reads a number without fraction. */
    int count() throws IOException {
        try {
            return Integer.parseInt(digits());
        } catch (NumberFormatException e) {
            throw new IOException(e);
        }
    }

    private String digits() throws IOException {
        next();
        StringBuilder digits = new StringBuilder();
        while (has(1) && (Character.isLetterOrDigit(bytes[at]) || "+-.".indexOf(bytes[at]) >= 0)) {
            digits.append((char) bytes[at++]);
        }
        if (!NUMBER.matcher(digits).matches()) {
            throw unexpected();
        }
        return digits.toString();
    }

    /** Reads true or false. */
    boolean flag() throws IOException {
        next();
        if (take(TRUE)) {
            return true;
        }
        if (take(FALSE)) {
            return false;
        }
        throw unexpected();
    }

    /** Fails if anything follows. */
    void end() throws IOException {
        while (has(1)) {
            if (!isSpace(bytes[at++])) {
                throw unexpected();
            }
        }
    }

    /** Passes over this character if it is next, and over the space before it in any case. */
    boolean take(char character) throws IOException {
        if (next() != character) {
            return false;
        }
        at++;
        return true;
    }

    /** Passes over this character, and over space before it. */
    void expect(char character) throws IOException {
        if (!take(character)) {
            throw unexpected();
        }
    }

    /** The text of bytes without escapes. */
    private static String decoded(byte[] bytes, int from, int to) throws IOException {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, from, to))) {
            throw new IOException("a text that is no UTF-8");
        }
        return text;
    }

    /** The text from its start to the closing quote, of which all until the first escape was passed over. */
    private String unescaped() throws IOException {
        int length = at - textStart;
        room(length);
        System.arraycopy(bytes, textStart, unescaped, 0, length);
        textStart = NONE;
        while (true) {
            length = copyPlain(unescaped, length);
            if (at == end) {
                if (!fill()) {
                    throw new EOFException();
                }
            } else if (bytes[at] == '"') {
                return decoded(unescaped, 0, length);
            } else if (!isPlain(bytes[at])) {
                length = escape(length);
            }
            room(length);
        }
    }

    /** For the next bytes, and for a word that is copied whole. */
    private void room(int length) {
        int least = length + Math.min(MOST_AT_ONCE, end - at) + Long.BYTES;
        if (unescaped.length < least) {
            unescaped = Arrays.copyOf(unescaped, 2 * least);
        }
    }

    /** Adds the character that an escape stands for. Returns the new length. */
    private int escape(int length) throws IOException {
        if (bytes[at++] != '\\') {
            throw unexpected();
        }
        if (!has(1)) {
            throw new EOFException();
        }
        byte escape = bytes[at++];
        if (escape == 'u') {
            byte[] character = Character.toString(codePoint()).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(character, 0, unescaped, length, character.length);
            return length + character.length;
        }
        unescaped[length] = switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw unexpected();
        };
        return length + 1;
    }

    private int codePoint() throws IOException {
        char unit = unit();
        if (!Character.isSurrogate(unit)) {
            return unit;
        }
        if (Character.isHighSurrogate(unit) && take(new byte[] {'\\', 'u'})) {
            char low = unit();
            if (Character.isLowSurrogate(low)) {
                return Character.toCodePoint(unit, low);
            }
        }
        throw new IOException("half a character");
    }

    private char unit() throws IOException {
        if (!has(UNICODE_DIGITS)) {
            throw new EOFException();
        }
        int unit = 0;
        for (int i = 0; i < UNICODE_DIGITS; i++) {
            int digit = Character.digit((char) bytes[at++], RADIX);
            if (digit < 0) {
                throw unexpected();
            }
            unit = unit * RADIX + digit;
        }
        return (char) unit;
    }

    private static IOException unexpected() {
        return new IOException("not what DynamoDB writes");
    }
}
