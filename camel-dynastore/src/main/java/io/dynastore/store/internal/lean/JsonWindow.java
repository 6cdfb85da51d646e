/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The part of a body that is being read, as bytes in one array. If the body has arrived in several parts, it moves on
 * through them, and keeps what is still needed. Not thread safe.
 *
 * <p>Texts are searched for their end eight bytes at a time. That test for bytes of a value within a word is from
 * Anderson's "Bit Twiddling Hacks", and simdjson and others do the same with wider words.
 */
abstract class JsonWindow {

    static final int NONE = -1;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    /** What was taken of the body and is not read: from {@link #at} to {@link #end}. Read only. */
    byte[] bytes;

    int at;

    /** Where the text begins that is being read, which must stay in {@link #bytes}; or {@link #NONE}. */
    int textStart = NONE;

    int end;

    private final ResponseBody.Source source;

    /** Where the recording began, which must stay, too; or {@link #NONE}. */
    private int recordStart = NONE;

    JsonWindow(ResponseBody body) {
        this.source = body.source();
        this.bytes = source.bytes();
        this.at = source.from();
        this.end = source.to();
    }

    /** From here on, what is read is kept for {@link #recorded}. */
    final void record() {
        recordStart = at;
    }

    /** All that was read since {@link #record}. */
    final byte[] recorded() {
        byte[] recorded = Arrays.copyOfRange(bytes, recordStart, at);
        recordStart = NONE;
        return recorded;
    }

    /** Passes over these bytes if they are next. */
    final boolean take(byte[] next) throws IOException {
        int length = next.length;
        if (!has(length) || !Arrays.equals(bytes, at, at + length, next, 0, length)) {
            return false;
        }
        at += length;
        return true;
    }

    /** The next byte that is no space. It stays. */
    final byte next() throws IOException {
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

    static boolean isSpace(byte each) {
        return each == ' ' || each == '\n' || each == '\r' || each == '\t';
    }

    final boolean has(int count) throws IOException {
        while (end - at < count) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Takes more of the source, and moves what is needed of the rest to the front; false at the end. */
    final boolean fill() throws IOException {
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
    final byte findEnd() throws IOException {
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
            long found = special((long) WORDS.get(bytes, place));
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

    /**
     * Passes over bytes that stand for themselves in a text, up to the end of the window, and copies them. It stops
     * earlier if there is no more room for them and for eight bytes.
     *
     * @param length how much of the array is in use
     * @return how much of it is in use then
     */
    final int copyPlain(byte[] into, int length) {
        int place = at;
        int count = length;
        int last = Math.min(end, at + into.length - length - Long.BYTES);
        while (place + Long.BYTES <= last) {
            long word = (long) WORDS.get(bytes, place);
            WORDS.set(into, count, word);
            long found = special(word);
            if (found != 0) {
                int plain = Long.numberOfTrailingZeros(found) / Byte.SIZE;
                at = place + plain;
                return count + plain;
            }
            place += Long.BYTES;
            count += Long.BYTES;
        }
        while (place < last && isPlain(bytes[place])) {
            into[count++] = bytes[place++];
        }
        at = place;
        return count;
    }

    /** Has a bit for the first of these bytes that is a quote, a backslash or a control character; else it is 0. */
    private static long special(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        // The lowest of these bits is that of the first such byte; higher ones may be false.
        return (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word)) & HIGH_BITS;
    }

    static boolean isPlain(byte each) {
        return each != '"' && each != '\\' && (each < 0 || each >= ' ');
    }
}
