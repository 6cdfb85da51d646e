/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.Segment;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A unit that a consumer reads in order: a partition of the table or index, or a segment of a whole one. */
public sealed interface Partition {

    /** Restricts a list to this partition. */
    void into(ListCall.Builder list);

    /** Identifies this partition among those of one consumer. */
    String name();

    /**
     * One partition.
     *
     * @param key the partition key, without a sort key
     */
    record Keyed(Key key) implements Partition {

        static Keyed of(Object partitionKey) {
            return new Keyed(Key.of(partitionKey));
        }

        @Override
        public void into(ListCall.Builder list) {
            list.partitionKey(key.partitionKey());
        }

        @Override
        public String name() {
            return key.partitionKey() instanceof byte[] bytes
                    ? HexFormat.of().formatHex(bytes)
                    : key.partitionKey().toString();
        }

        @Override
        public String toString() {
            return "partition " + Key.shown(key.partitionKey());
        }
    }

    /**
     * One partition of an index whose partition key consists of several attributes.
     *
     * @param values a key for each attribute's value, without a sort key
     */
    record Several(List<Key> values) implements Partition {

        static Several of(List<Object> values) {
            return new Several(values.stream().map(Key::of).toList());
        }

        @Override
        public void into(ListCall.Builder list) {
            list.partitionKey(values.stream().map(Key::partitionKey).toList());
        }

        /** The values with commas between them; a comma or a backslash in one is behind a backslash. */
        @Override
        public String name() {
            return values.stream()
                    .map(value -> new Keyed(value).name().replaceAll("[\\\\,]", "\\\\$0"))
                    .collect(Collectors.joining(","));
        }

        @Override
        public String toString() {
            return "partition "
                    + Key.shown(values.stream().map(Key::partitionKey).toList());
        }
    }

    /** A segment of a whole table or index. */
    record Part(Segment segment) implements Partition {

        @Override
        public void into(ListCall.Builder list) {
            list.segment(segment);
        }

        @Override
        public String name() {
            return segment.toString();
        }

        @Override
        public String toString() {
            return segment.toString();
        }
    }
}
