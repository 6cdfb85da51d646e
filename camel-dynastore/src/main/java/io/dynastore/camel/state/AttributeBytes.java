/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Attributes as bytes, for contents that are compressed or split. Their number is no less than the size that the
 * service counts. Pure.
 *
 * <p>A value is a letter for its type, then its content. A text, number or binary is its length in bytes and the bytes.
 * A list or map is the number of its members, then the members, each with its name before it in a map.
 */
final class AttributeBytes {

    private static final char TEXT = 'S';
    private static final char NUMBER = 'N';
    private static final char BINARY = 'B';
    private static final char YES = 'T';
    private static final char NO = 'F';
    private static final char NULL = '0';
    private static final char MAP = 'M';
    private static final char LIST = 'L';

    private AttributeBytes() {}

    static byte[] encode(Map<String, AttributeValue> attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            map(out, attributes);
        } catch (IOException e) {
            throw new IllegalStateException("Memory is written without an error", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The attributes of bytes.
     *
     * @throws DynaStoreException if the bytes are none of {@link #encode}
     */
    static Map<String, AttributeValue> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return map(in);
        } catch (IOException e) {
            throw new DynaStoreException("The stored content of a group is damaged.", e);
        }
    }

    private static void write(DataOutputStream out, AttributeValue value) throws IOException {
        switch (value.type()) {
            case S -> bytes(out, TEXT, value.s().getBytes(StandardCharsets.UTF_8));
            case N -> bytes(out, NUMBER, value.n().getBytes(StandardCharsets.UTF_8));
            case B -> bytes(out, BINARY, value.b().asByteArrayUnsafe());
            case BOOL -> out.writeByte(value.bool() ? YES : NO);
            case NUL -> out.writeByte(NULL);
            case M -> {
                out.writeByte(MAP);
                map(out, value.m());
            }
            case L -> {
                out.writeByte(LIST);
                out.writeInt(value.l().size());
                for (AttributeValue member : value.l()) {
                    write(out, member);
                }
            }
            default -> throw new IllegalArgumentException("No type of a stored exchange: " + value.type());
        }
    }

    private static void map(DataOutputStream out, Map<String, AttributeValue> members) throws IOException {
        out.writeInt(members.size());
        for (Map.Entry<String, AttributeValue> member : members.entrySet()) {
            text(out, member.getKey().getBytes(StandardCharsets.UTF_8));
            write(out, member.getValue());
        }
    }

    private static void bytes(DataOutputStream out, char type, byte[] bytes) throws IOException {
        out.writeByte(type);
        text(out, bytes);
    }

    private static void text(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static AttributeValue read(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case TEXT -> AttributeValue.fromS(text(in));
            case NUMBER -> AttributeValue.fromN(text(in));
            case BINARY -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes(in)));
            case YES -> AttributeValue.fromBool(true);
            case NO -> AttributeValue.fromBool(false);
            case NULL -> AttributeValue.fromNul(true);
            case MAP -> AttributeValue.fromM(map(in));
            case LIST -> AttributeValue.fromL(list(in));
            default -> throw new IOException("no type: " + type);
        };
    }

    private static Map<String, AttributeValue> map(DataInputStream in) throws IOException {
        int size = in.readInt();
        Map<String, AttributeValue> members = new HashMap<>();
        for (int i = 0; i < size; i++) {
            String name = text(in);
            members.put(name, read(in));
        }
        return members;
    }

    private static List<AttributeValue> list(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<AttributeValue> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(read(in));
        }
        return members;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("no length: " + length);
        }
        return in.readNBytes(length);
    }
}
