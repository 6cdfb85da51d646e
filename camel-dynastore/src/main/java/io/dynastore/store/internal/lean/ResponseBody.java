/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
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

    private final List<ByteBuffer> parts = new ArrayList<>(FEW);
    private final CRC32 checksum = new CRC32();
    private long length;

    void add(ByteBuffer part) {
        length += part.remaining();
        parts.add(part);
        checksum.update(part.duplicate());
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

    JsonParser parser(JsonFactory json) throws IOException {
        if (parts.size() == 1 && parts.get(0).hasArray()) {
            ByteBuffer whole = parts.get(0);
            return json.createParser(whole.array(), whole.arrayOffset() + whole.position(), whole.remaining());
        }
        return json.createParser(new Parts());
    }

    /** Reads all parts, and changes none. */
    private final class Parts extends InputStream {
        private int next;
        private ByteBuffer part = ByteBuffer.allocate(0);

        /** Whether there are more bytes; then the current part has some of them. */
        private boolean hasMore() {
            while (!part.hasRemaining() && next < parts.size()) {
                part = parts.get(next++).duplicate();
            }
            return part.hasRemaining();
        }

        @Override
        public int read() {
            return hasMore() ? Byte.toUnsignedInt(part.get()) : -1;
        }

        @Override
        public int read(byte[] into, int from, int most) {
            if (!hasMore()) {
                return -1;
            }
            int count = Math.min(most, part.remaining());
            part.get(into, from, count);
            return count;
        }
    }
}
