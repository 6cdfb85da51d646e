/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.internal.message.KeyReader;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which partitions a consumer reads. Asked at each poll, as a bean may name others each time. Thread safe. */
final class PartitionSource {

    private final Supplier<List<Partition>> source;

    private PartitionSource(Supplier<List<Partition>> source) {
        this.source = source;
    }

    /** The partitions now, each once, in the order given. */
    List<Partition> now() {
        return source.get();
    }

    /**
     * Reads the options.
     *
     * @param keys converts partition keys
     * @param attribute the partition key that they are values of
     * @throws InvalidInputException naming the option and the remedy
     */
    static PartitionSource of(DynaStoreConfiguration options, KeyReader keys, KeyAttribute attribute) {
        Object given = options.getPartitionKeys();
        if (given == null) {
            return whole(options.getSegments());
        }
        if (options.getSegments() != 1) {
            throw new InvalidInputException(
                    "The options partitionKeys and segments are both set: segments divide a whole table, remove one of the two.");
        }
        if (given instanceof Supplier<?> bean) {
            return new PartitionSource(() -> keyed(bean.get(), keys, attribute));
        }
        List<Partition> fixed = keyed(given, keys, attribute);
        if (fixed.isEmpty()) {
            throw new InvalidInputException(
                    "The option partitionKeys names none: list their keys, separated by commas, or leave it out for the whole table.");
        }
        return new PartitionSource(() -> fixed);
    }

    private static PartitionSource whole(int segments) {
        if (segments < 1 || segments > Segment.MOST) {
            throw new InvalidInputException(
                    "The option segments is " + segments + ": set it to 1 or more, at most " + Segment.MOST + ".");
        }
        List<Partition> parts = IntStream.range(0, segments)
                .mapToObj(number -> (Partition) new Partition.Part(new Segment(number, segments)))
                .toList();
        return new PartitionSource(() -> parts);
    }

    private static List<Partition> keyed(@Nullable Object given, KeyReader keys, KeyAttribute attribute) {
        return List.copyOf(values(given)
                .map(value -> (Partition) Partition.Keyed.of(keys.partition(present(value), attribute)))
                .collect(LinkedHashSet::new, LinkedHashSet::add, LinkedHashSet::addAll));
    }

    private static Stream<?> values(@Nullable Object given) {
        if (given instanceof Collection<?> values) {
            return new ArrayList<>(values).stream();
        }
        if (given instanceof String text) {
            return Stream.of(text.split(",", -1)).map(String::trim).filter(value -> !value.isEmpty());
        }
        throw new InvalidInputException("The option partitionKeys is "
                + (given == null ? "null" : "a " + given.getClass().getName())
                + ": give keys separated by commas, a Collection of keys, or a Supplier of one.");
    }

    private static Object present(@Nullable Object value) {
        if (value == null) {
            throw new InvalidInputException("The option partitionKeys names a partition null: leave it out.");
        }
        return value;
    }
}
