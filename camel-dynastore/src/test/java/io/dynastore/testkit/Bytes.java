/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A body seen so far. Thread safe, as sender and receiver may be different threads. */
final class Bytes {

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    /** Adds a copy and leaves the buffer as it was. */
    synchronized void add(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        content.writeBytes(copy);
    }

    synchronized int size() {
        return content.size();
    }

    synchronized byte[] toArray() {
        return content.toByteArray();
    }
}
