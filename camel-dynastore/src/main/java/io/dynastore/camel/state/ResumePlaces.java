/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.io.File;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.camel.resume.Offset;
import org.apache.camel.resume.OffsetKey;
import org.apache.camel.resume.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where a resume strategy keeps positions, and in which form. Pure.
 *
 * <pre>
 * | partition key       | sort key        | for                                                   |
 * |---------------------|-----------------|-------------------------------------------------------|
 * | _ds/resume/&lt;name&gt;   | &lt;key&gt;           | a position that moves, as the offset of a file        |
 * | _ds/resume/&lt;name&gt;   | &lt;key&gt;|&lt;entry&gt;   | an entry of a set, as a file of a directory            |
 * </pre>
 *
 * @param name the name of the strategy
 */
record ResumePlaces(String name) {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "resume/";

    String partition() {
        return PREFIX + name;
    }

    /** The item of a key and its offset. */
    Key place(OffsetKey<?> key, Offset<?> offset) {
        String text = String.valueOf(key.getValue());
        return Key.of(partition(), SortKeys.of(isEntry(offset) ? text + "|" + offset.getValue() : text));
    }

    /** Whether an offset is an entry of a set, which does not replace other entries. */
    static boolean isEntry(Offset<?> offset) {
        return offset.getValue() instanceof File;
    }

    /** The number that an offset is; null if it is none. */
    static @Nullable BigDecimal number(Offset<?> offset) {
        Object value = offset.getValue();
        boolean integral = value instanceof Long || value instanceof Integer || value instanceof Short;
        return integral ? new BigDecimal(value.toString()) : null;
    }

    /**
     * The serialized form of a key or an offset.
     *
     * @param value what it holds
     * @throws InvalidInputException if Camel has no form for it
     */
    static byte[] bytes(Serializable serializable, @Nullable Object value) {
        ByteBuffer buffer = serializable.serialize();
        if (buffer == null && value instanceof Integer number) {
            // Camel reads integers, but does not write them.
            buffer = ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(Serializable.TYPE_INTEGER)
                    .putInt(number);
        }
        if (buffer == null) {
            throw new InvalidInputException("A key or offset of the type "
                    + (value == null ? "null" : value.getClass().getName())
                    + " can't be stored: Camel serializes a Long, a String and a File. Let its class implement"
                    + " serialize().");
        }
        ByteBuffer whole = buffer.duplicate().clear();
        byte[] bytes = new byte[whole.remaining()];
        whole.get(bytes);
        return bytes;
    }
}
