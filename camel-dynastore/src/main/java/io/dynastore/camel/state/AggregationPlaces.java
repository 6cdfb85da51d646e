/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Where an aggregation repository keeps its items.
 *
 * <pre>
 *   partition key                              sort key           what
 *   _ds/aggregation/&lt;name&gt;                    settings           the number of shards
 *   _ds/aggregation/&lt;name&gt;                    timeouts           who looks for overdue groups
 *   _ds/aggregation/&lt;name&gt;/&lt;shard&gt;            &lt;correlation key&gt;  a group, in the shard of its hash
 *   _ds/aggregation/&lt;name&gt;/completed/&lt;shard&gt;  &lt;exchange id&gt;      a completed group
 *   _ds/aggregation/&lt;name&gt;/parts/&lt;id&gt;         &lt;number&gt;           a part of a large content
 * </pre>
 *
 * @param name the name of the repository
 * @param shards the number of partitions of groups, and of completed groups
 */
record AggregationPlaces(String name, int shards) {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "aggregation/";

    /** The item with the settings that all instances share. */
    Key settings() {
        return Key.of(PREFIX + name, "settings");
    }

    /** The item with the lease of the node that looks for overdue groups. */
    Key timeouts() {
        return Key.of(PREFIX + name, "timeouts");
    }

    /** The item of a group. */
    Key group(String correlationKey) {
        String stored = SortKeys.of(correlationKey);
        return Key.of(groups(shard(stored)), stored);
    }

    /** The item of a completed group. */
    Key completed(String exchangeId) {
        String stored = SortKeys.of(exchangeId);
        return Key.of(completed(shard(stored)), stored);
    }

    /** The item of a part, counted from 0. */
    Key part(String id, int number) {
        return Key.of(PREFIX + name + "/parts/" + id, Integer.toString(number));
    }

    /** All partitions of groups. */
    Stream<String> groups() {
        return IntStream.range(0, shards).mapToObj(this::groups);
    }

    /** All partitions of completed groups. */
    Stream<String> completed() {
        return IntStream.range(0, shards).mapToObj(this::completed);
    }

    private String groups(int shard) {
        return PREFIX + name + "/" + shard;
    }

    private String completed(int shard) {
        return PREFIX + name + "/completed/" + shard;
    }

    private int shard(String stored) {
        CRC32 hash = new CRC32();
        hash.update(stored.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % shards);
    }
}
