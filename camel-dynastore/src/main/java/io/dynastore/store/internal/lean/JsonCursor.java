/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
 * <p>Texts are searched for their end eight bytes at a time. That test for bytes of a value within a word is from
 * Anderson's "Bit Twiddling Hacks", and simdjson and others do the same with wider words.
 *
 * <p>Decision 25 in docs/decisions has the reasons.
 */
final class JsonCursor {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final int UNICODE_DIGITS = 4;
    private static final int RADIX = 16;

    private static final int NONE = -1;

    private final ResponseBody.Source source;

    /** What was taken of the source and is not read: from {@link #at} to {@link #end}. */
    private byte[] bytes;

    private int at;
    private int end;

    /** Where the text begins that is being read, which must stay in {@link #bytes}; or {@link #NONE}. */
    private int textStart = NONE;

    /** Where the recording began, which must stay, too; or {@link #NONE}. */
    private int recordStart = NONE;

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
        this.source = body.source();
        this.bytes = source.bytes();
        this.at = source.from();
        this.end = source.to();
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
        String text = stop == '"' ? decoded(bytes, textStart, at) : unescaped(stop);
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

    /** From here on, what is read is kept for {@link #recorded}. */
    void record() {
        recordStart = at;
    }

    /** All that was read since {@link #record}. */
    byte[] recorded() {
        byte[] recorded = Arrays.copyOfRange(bytes, recordStart, at);
        recordStart = NONE;
        return recorded;
    }

    /** Passes over these bytes if they are next. */
    boolean take(byte[] next) throws IOException {
        int length = next.length;
        if (!has(length) || !Arrays.equals(bytes, at, at + length, next, 0, length)) {
            return false;
        }
        at += length;
        return true;
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

    /** The next byte that is no space. It stays. */
    private byte next() throws IOException {
        while (true) {
            if (at == end && !fill()) {
                throw new EOFException();
            }
            byte next = bytes[at];
            if (!isSpace(next)) {
                return next;
            }
            at++;
        }
    }

    private static boolean isSpace(byte each) {
        return each == ' ' || each == '\n' || each == '\r' || each == '\t';
    }

    private boolean has(int count) throws IOException {
        while (end - at < count) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Takes more of the source, and moves what is needed of the rest to the front; false at the end. */
    private boolean fill() throws IOException {
        if (source.isEmpty()) {
            return false;
        }
        int needed = textStart == NONE ? at : textStart;
        needed = recordStart == NONE ? needed : Math.min(needed, recordStart);
        int kept = end - needed;
        byte[] into = kept > bytes.length / 2 ? new byte[2 * bytes.length] : bytes;
        System.arraycopy(bytes, needed, into, 0, kept);
        bytes = into;
        at -= needed;
        textStart -= textStart == NONE ? 0 : needed;
        recordStart -= recordStart == NONE ? 0 : needed;
        end = kept + source.read(into, kept);
        return true;
    }

    /** Passes over bytes that stand for themselves in a text. Returns the one after them, which stays. */
    private byte findEnd() throws IOException {
        while (true) {
            at = pastPlain(bytes, at, end);
            if (at < end) {
                return bytes[at];
            }
            if (!fill()) {
                throw new EOFException();
            }
        }
    }

    /** The place of the first quote, backslash or control character; the end if there is none. */
    private static int pastPlain(byte[] bytes, int from, int end) {
        int place = from;
        while (place + Long.BYTES <= end) {
            long word = (long) WORDS.get(bytes, place);
            long quote = word ^ QUOTES;
            long backslash = word ^ BACKSLASHES;
            // The lowest of these bits is that of the first such byte; higher ones may be false.
            long found = (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word))
                    & HIGH_BITS;
            if (found != 0) {
                return place + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
            place += Long.BYTES;
        }
        while (place < end && isPlain(bytes[place])) {
            place++;
        }
        return place;
    }

    private static boolean isPlain(byte each) {
        return each != '"' && each != '\\' && (each < 0 || each >= ' ');
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
    private String unescaped(byte first) throws IOException {
        int length = 0;
        for (byte stop = first; stop != '"'; stop = findEnd()) {
            if (stop != '\\') {
                throw unexpected();
            }
            length = keepPlain(length);
            at++;
            length = escape(length);
            textStart = at;
        }
        length = keepPlain(length);
        return decoded(unescaped, 0, length);
    }

    /** Adds what was passed over. Returns the new length. */
    private int keepPlain(int length) {
        int count = at - textStart;
        room(length + count);
        System.arraycopy(bytes, textStart, unescaped, length, count);
        return length + count;
    }

    /** For the longest character, too. */
    private void room(int length) {
        if (unescaped.length < length + Integer.BYTES) {
            unescaped = Arrays.copyOf(unescaped, 2 * length + Long.BYTES);
        }
    }

    /** Adds the character that follows a backslash. Returns the new length. */
    private int escape(int length) throws IOException {
        textStart = NONE;
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
