/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The text form of a position in a list.
 *
 * <pre>
 * base64url of:
 * 1 byte      format
 * 12 bytes    of a SHA-256 over the query and the rest
 * the rest    for each key attribute of the position, except the partition's: name, type (S, N or B), value;
 *             name and value are preceded by their length in two bytes
 * </pre>
 *
 * <p>The digest binds the token to its table, index, partition and range, and detects a damaged copy. It is no
 * signature, and need not be one. The partition always comes from the request, and a position outside its range is
 * rejected. So a forged token reads nothing that the request could not.
 *
 * <p>A token has at most 4 KB, with one exception: it comes from a global index whose keys and the table's have more
 * than 3,000 bytes together.
 *
 * <p>Decision 4 in docs/decisions has the reasons.
 */
public final class PageToken {

    private static final byte FORMAT = 1;
    private static final int DIGEST = 12;
    private static final int LONGEST = 16 * 1024;

    private static final KeyAttribute NUMBER = new KeyAttribute("position", KeyType.NUMBER);

    private PageToken() {}

    /**
     * A readable form of a token, for logs: the attributes of its position, except for the partition. The digest is not
     * checked.
     *
     * @return the token itself if it has another format
     */
    public static String shown(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length <= DIGEST || bytes[0] != FORMAT) {
                return Key.shown(token);
            }
            return shown(Arrays.copyOfRange(bytes, 1 + DIGEST, bytes.length));
        } catch (IllegalArgumentException | IOException e) {
            return Key.shown(token);
        }
    }

    private static String shown(byte[] body) throws IOException {
        StringJoiner attributes = new StringJoiner(", ");
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            while (in.available() > 0) {
                String name = new String(block(in), StandardCharsets.UTF_8);
                boolean binary = in.readByte() == 'B';
                byte[] value = block(in);
                attributes.add(
                        Key.shown(name) + "=" + Key.shown(binary ? value : new String(value, StandardCharsets.UTF_8)));
            }
        }
        return attributes.toString();
    }

    /** The token that continues after a position. */
    static String write(ListQuery query, Map<String, AttributeValue> position) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(body)) {
            for (Map.Entry<String, AttributeValue> attribute : position.entrySet()) {
                if (!query.isGiven(attribute.getKey())) {
                    write(out, attribute.getKey(), attribute.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        token.write(FORMAT);
        token.writeBytes(digest(query, body.toByteArray()));
        token.writeBytes(body.toByteArray());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.toByteArray());
    }

    /**
     * The position of a token.
     *
     * @throws InvalidTokenException if it is malformed, or from another query
     */
    static Map<String, AttributeValue> read(ListQuery query, String token) {
        byte[] bytes = decode(query, token);
        if (bytes.length > 0 && bytes[0] == '{') {
            return checked(query, GoLibraryToken.read(query, bytes));
        }
        if (bytes.length <= DIGEST || bytes[0] != FORMAT) {
            throw malformed(query);
        }
        byte[] body = Arrays.copyOfRange(bytes, 1 + DIGEST, bytes.length);
        if (!Arrays.equals(bytes, 1, 1 + DIGEST, digest(query, body), 0, DIGEST)) {
            throw new InvalidTokenException(
                    query.schema().table(), "is damaged, or from another table, index, partition or range");
        }
        return checked(query, position(query, body));
    }

    /** The service rejects a position with missing or additional attributes, or outside the range. */
    private static Map<String, AttributeValue> checked(ListQuery query, Map<String, AttributeValue> position) {
        List<KeyAttribute> expected = query.positionAttributes();
        int undeclared = query.sortKeyUndeclared() ? IndexSchema.MOST_ATTRIBUTES : 0;
        int others = position.size() - expected.size() - query.given().size();
        boolean complete = expected.stream().allMatch(attribute -> fits(attribute, position.get(attribute.name())));
        if (!complete || others < 0 || others > undeclared) {
            throw new InvalidTokenException(query.schema().table(), "is from another table or index");
        }
        if (!query.range().contains(position, query.sortKeys())) {
            throw new InvalidTokenException(query.schema().table(), "is outside the requested range");
        }
        return position;
    }

    private static boolean fits(KeyAttribute attribute, @Nullable AttributeValue value) {
        return value != null && attribute.decode(value) != null;
    }

    private static byte[] decode(ListQuery query, String token) {
        if (token.length() > LONGEST) {
            throw malformed(query);
        }
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw malformed(query);
        }
    }

    private static Map<String, AttributeValue> position(ListQuery query, byte[] body) {
        Map<String, AttributeValue> position = query.given();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            while (in.available() > 0) {
                String name = new String(block(in), StandardCharsets.UTF_8);
                // The position has its partition already. Our tokens never name it, and name no attribute twice.
                if (position.put(name, value(in.readByte(), block(in))) != null) {
                    throw malformed(query);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw malformed(query);
        }
        return position;
    }

    private static void write(DataOutputStream out, String name, AttributeValue value) throws IOException {
        block(out, name.getBytes(StandardCharsets.UTF_8));
        if (value.s() != null) {
            out.writeByte('S');
            block(out, value.s().getBytes(StandardCharsets.UTF_8));
        } else if (value.n() != null) {
            out.writeByte('N');
            block(out, value.n().getBytes(StandardCharsets.UTF_8));
        } else {
            out.writeByte('B');
            block(out, value.b().asByteArrayUnsafe());
        }
    }

    private static AttributeValue value(byte type, byte[] bytes) {
        return switch (type) {
            case 'S' -> AttributeValue.fromS(new String(bytes, StandardCharsets.UTF_8));
            case 'N' -> number(new String(bytes, StandardCharsets.UTF_8));
            case 'B' -> AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
            default -> throw new IllegalArgumentException();
        };
    }

    /** Checks the number, since a forged exponent could fill the memory when it is written in full. */
    private static AttributeValue number(String text) {
        return GoLibraryToken.encode(NUMBER, GoLibraryToken.number(text));
    }

    private static void block(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static byte[] block(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return bytes;
    }

    private static byte[] digest(ListQuery query, byte[] body) {
        return Arrays.copyOf(QueryDigest.of(query, body), DIGEST);
    }

    private static InvalidTokenException malformed(ListQuery query) {
        return new InvalidTokenException(query.schema().table(), "is malformed");
    }
}
