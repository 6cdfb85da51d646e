/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The body of a response, in the parts in which it arrives. They are read where they are: the HTTP clients of the SDK
 * make an array for each part, and leave it alone afterwards. Used by one thread at a time.
 */
final class ResponseBody {

    private static final int FEW = 4;

    /** Bytes. */
    private static final int WINDOW = 8192;

    private final List<ByteBuffer> parts = new ArrayList<>(FEW);
    private final CRC32 checksum = new CRC32();
    private final int window;
    private long length;

    ResponseBody() {
        this(WINDOW);
    }

    /**
     * A body of which nothing has arrived.
     *
     * @param window how many bytes of several parts a reader copies at a time
     */
    ResponseBody(int window) {
        this.window = window;
    }

    void add(ByteBuffer part) {
        length += part.remaining();
        parts.add(part);
        checksum.update(part.duplicate());
    }

    /** How many bytes have arrived. */
    long length() {
        return length;
    }

    /** As the service writes it in a header. */
    String checksum() {
        return Long.toString(checksum.getValue());
    }

    /** What has arrived, in one array. */
    SdkBytes bytes() {
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(length));
        parts.forEach(part -> whole.put(part.duplicate()));
        return SdkBytes.fromByteArrayUnsafe(whole.array());
    }

    /** Fails unless it is UTF-8: versions of Jackson differ in what they accept. */
    void checkText() throws IOException {
        StandardCharsets.UTF_8.newDecoder().decode(bytes().asByteBuffer());
    }

    /** Where a reader begins. */
    Source source() {
        if (parts.size() == 1 && parts.get(0).hasArray()) {
            ByteBuffer whole = parts.get(0);
            int from = whole.arrayOffset() + whole.position();
            return new Source(whole.array(), from, from + whole.remaining(), List.of());
        }
        return new Source(new byte[(int) Math.min(window, Math.max(1, length))], 0, 0, parts);
    }

    /** What a reader gets: first some bytes, and then the parts. It changes none of them. */
    static final class Source {
        private final byte[] bytes;
        private final int from;
        private final int to;
        private final List<ByteBuffer> parts;
        private int next;
        private ByteBuffer part = ByteBuffer.allocate(0);

        private Source(byte[] bytes, int from, int to, List<ByteBuffer> parts) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
            this.parts = parts;
        }

        /** The first bytes, from {@link #from} to {@link #to}. If there are parts, the reader may write here. */
        byte[] bytes() {
            return bytes;
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }

        /** Whether nothing is left of the parts. */
        boolean isEmpty() {
            while (!part.hasRemaining() && next < parts.size()) {
                part = parts.get(next++).duplicate();
            }
            return !part.hasRemaining();
        }

        /** Puts as much of the parts there as has room. Returns how much. */
        int read(byte[] into, int at) {
            int count = 0;
            while (at + count < into.length && !isEmpty()) {
                int some = Math.min(into.length - at - count, part.remaining());
                part.get(into, at + count, some);
                count += some;
            }
            return count;
        }
    }
}
