/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

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
 * <p>A key that no sort key can hold is stored as its {@linkplain SortKeys hash}.
 *
 * @param name the name of the repository
 * @param shards the number of partitions
 */
record KeyPlaces(String name, int shards) {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "idempotent/";
    private static final String SETTINGS = "settings";

    /** The item with the settings that all instances share. */
    Key settings() {
        return Key.of(PREFIX + name, SETTINGS);
    }

    /** The item of a key. */
    Key place(String key) {
        String stored = SortKeys.of(key);
        CRC32 hash = new CRC32();
        hash.update(stored.getBytes(StandardCharsets.UTF_8));
        return Key.of(partition((int) (hash.getValue() % shards)), stored);
    }

    /** All partitions of keys. */
    Stream<String> partitions() {
        return IntStream.range(0, shards).mapToObj(this::partition);
    }

    private String partition(int shard) {
        return PREFIX + name + "/" + shard;
    }
}
