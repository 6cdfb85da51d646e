/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Where an idempotent repository keeps its keys.
 *
 * <pre>
 * | partition key                  | sort key    |                                   |
 * |--------------------------------|-------------|-----------------------------------|
 * | _ds/idempotent/&lt;name&gt;          | settings    | the number of shards              |
 * | _ds/idempotent/&lt;name&gt;/&lt;shard&gt;  | &lt;key&gt;       | a key; its hash decides the shard |
 * </pre>
 *
 * <p>A key that no sort key can hold is stored as {@code sha256/<hash>}: an empty one, one over 1,024 bytes, one that
 * UTF-8 can't hold, and one that begins like such a hash.
 *
 * @param name the name of the repository
 * @param shards the number of partitions
 */
record KeyPlaces(String name, int shards) {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "idempotent/";
    private static final String SETTINGS = "settings";
    private static final String HASHED = "sha256/";
    private static final int LONGEST_KEY = 1024;

    /** The item with the settings that all instances share. */
    Key settings() {
        return Key.of(PREFIX + name, SETTINGS);
    }

    /** The item of a key. */
    Key place(String key) {
        String stored = stored(key);
        CRC32 hash = new CRC32();
        hash.update(stored.getBytes(StandardCharsets.UTF_8));
        return Key.of(partition((int) (hash.getValue() % shards)), stored);
    }

    /** All partitions of keys. */
    Stream<String> partitions() {
        return IntStream.range(0, shards).mapToObj(this::partition);
    }

    /**
     * The first request to the table: all instances have to agree on the number of shards.
     *
     * @throws InvalidInputException if the table has another number
     */
    int agree(TableRequests requests, KeyWrites writes) {
        UpdateItemRequest write = writes.settings(settings(), shards)
                .overrideConfiguration(requests.limits())
                .build();
        int stored = KeyWrites.shards(
                requests.await(requests.client().updateItem(write)).attributes());
        if (stored != shards) {
            throw new InvalidInputException("Table " + requests.schema().table() + ": the idempotent repository " + name
                    + " has " + stored + " shards, not " + shards + ". Set shards=" + stored + ", or another name.");
        }
        return stored;
    }

    private String partition(int shard) {
        return PREFIX + name + "/" + shard;
    }

    private static String stored(String key) {
        boolean fits = !key.isEmpty()
                && !key.startsWith(HASHED)
                && StandardCharsets.UTF_8.newEncoder().canEncode(key)
                && key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY;
        return fits ? key : HASHED + hash(key);
    }

    /** Of the characters and not of their UTF-8, in which different broken texts become equal. */
    private static String hash(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < key.length(); i++) {
                digest.update((byte) (key.charAt(i) >> Byte.SIZE));
                digest.update((byte) key.charAt(i));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
