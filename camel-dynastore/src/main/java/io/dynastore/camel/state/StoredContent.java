/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The content of an exchange as it is stored: as readable attributes of one item, as bytes in it, or as bytes in
 * several items of their own. Pure.
 *
 * @param attributes those of the item
 * @param id the id of the parts; empty if there are none. Parts are never changed: a new content has a new id
 * @param parts the bytes, in parts
 */
record StoredContent(Map<String, AttributeValue> attributes, String id, List<byte[]> parts) {

    static final String PACKED = "_dspacked";
    static final String FORMAT = "_dsformat";
    static final String PARTS_ID = "_dscontent";
    static final String PARTS = "_dsparts";

    private static final String GZIP = "gzip";
    private static final String PLAIN = "plain";

    /** Of 400 KB, which hold the keys and some small attributes too. */
    private static final int LARGEST = 390 * 1024;

    /** The service's limit of a transaction is 4 MB. */
    private static final int MOST_PARTS = 10;

    /** The service's limit is 32, and the item and its attribute are two. */
    private static final int DEEPEST = 28;

    /**
     * Packs attributes if they need it.
     *
     * @param where the table and the key, for messages
     * @throws InvalidInputException if they are too large even so
     */
    static StoredContent of(Map<String, AttributeValue> attributes, Compression compression, String where) {
        byte[] bytes = AttributeBytes.encode(attributes);
        boolean fits = bytes.length <= LARGEST;
        if (compression != Compression.ALWAYS && fits && depth(AttributeValue.fromM(attributes)) <= DEEPEST) {
            return new StoredContent(attributes, "", List.of());
        }
        boolean compressed = compression == Compression.ALWAYS || (compression == Compression.AUTO && !fits);
        byte[] packed = compressed ? compressed(bytes) : bytes;
        AttributeValue format = AttributeValue.fromS(compressed ? GZIP : PLAIN);
        if (packed.length <= LARGEST) {
            AttributeValue content = AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(packed));
            return new StoredContent(Map.of(PACKED, content, FORMAT, format), "", List.of());
        }
        if (packed.length > LARGEST * MOST_PARTS) {
            throw new InvalidInputException(where + ": the group has " + packed.length + " bytes"
                    + (compressed ? " when compressed" : "") + ", and at most " + LARGEST * MOST_PARTS
                    + " can be stored. The group stays as it was. Complete it earlier, keep large payloads elsewhere"
                    + " (S3, say) and references here" + (compressed ? "." : ", or set compression=auto."));
        }
        return split(packed, format);
    }

    private static StoredContent split(byte[] packed, AttributeValue format) {
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < packed.length; from += LARGEST) {
            parts.add(Arrays.copyOfRange(packed, from, Math.min(packed.length, from + LARGEST)));
        }
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> head = Map.of(
                PARTS_ID,
                AttributeValue.fromS(id),
                PARTS,
                AttributeValue.fromN(Integer.toString(parts.size())),
                FORMAT,
                format);
        return new StoredContent(head, id, parts);
    }

    /** The id of the parts that an item has; empty if it has none. */
    static String partsId(Map<String, AttributeValue> item) {
        AttributeValue id = item.get(PARTS_ID);
        return id == null ? "" : id.s();
    }

    /** The number of the parts that an item has. */
    static int partsOf(Map<String, AttributeValue> item) {
        AttributeValue number = item.get(PARTS);
        return number == null ? 0 : Integer.parseInt(number.n());
    }

    /**
     * The attributes of an exchange.
     *
     * @param parts the bytes of its parts, joined; null if it has none
     */
    static Map<String, AttributeValue> unpacked(Map<String, AttributeValue> item, byte @Nullable [] parts) {
        AttributeValue format = item.get(FORMAT);
        if (format == null) {
            return item;
        }
        AttributeValue inItem = item.get(PACKED);
        byte[] packed = parts != null || inItem == null
                ? (parts == null ? new byte[0] : parts)
                : inItem.b().asByteArrayUnsafe();
        return AttributeBytes.decode(format.s().equals(GZIP) ? decompressed(packed) : packed);
    }

    private static int depth(AttributeValue value) {
        return switch (value.type()) {
            case M ->
                1
                        + value.m().values().stream()
                                .mapToInt(StoredContent::depth)
                                .max()
                                .orElse(0);
            case L ->
                1 + value.l().stream().mapToInt(StoredContent::depth).max().orElse(0);
            default -> 1;
        };
    }

    private static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("Memory is written without an error", e);
        }
        return packed.toByteArray();
    }

    private static byte[] decompressed(byte[] packed) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new DynaStoreException("The stored content of a group is damaged.", e);
        }
    }
}
