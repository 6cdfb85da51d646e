/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.message.KeyReader;
import io.dynastore.camel.internal.message.ValueTexts;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a consumer reads. It is asked at each poll, because a bean may name others each time. Thread
 * safe.
 */
final class PartitionSource {

    private final Supplier<List<Partition>> source;

    /** Partitions that may be others each time. */
    PartitionSource(Supplier<List<Partition>> source) {
        this.source = source;
    }

    /** The current partitions, each once, in the given order. */
    List<Partition> current() {
        return source.get();
    }

    /**
     * The same partitions, as long as no check has failed. Each is made again whenever the partitions are asked for,
     * and is not waited for: if it fails later, the next call fails.
     *
     * @param checks complete at once if their result is known; fail with an {@link InvalidInputException}
     */
    PartitionSource onlyIf(List<Supplier<CompletableFuture<Void>>> checks) {
        return new PartitionSource(() -> {
            checks.forEach(check -> rejectRefused(check.get()));
            return source.get();
        });
    }

    private static void rejectRefused(CompletableFuture<Void> check) {
        try {
            check.getNow(null);
        } catch (CompletionException e) {
            if (Failures.cause(e) instanceof InvalidInputException refused) {
                throw refused;
            }
        }
    }

    /**
     * Reads the options.
     *
     * @param keys converts partition keys
     * @param attributes the attributes of the partition keys
     * @throws InvalidInputException naming the option and the remedy
     */
    static PartitionSource of(ConsumerOptions options, KeyReader keys, List<KeyAttribute> attributes) {
        Object given = options.partitionKeys();
        if (given == null) {
            List<Partition> parts = segments(options.segments());
            return new PartitionSource(() -> parts);
        }
        if (given instanceof Supplier<?> bean) {
            return new PartitionSource(() -> keyed(bean.get(), keys, attributes));
        }
        List<Partition> fixed = keyed(given, keys, attributes);
        if (fixed.isEmpty()) {
            throw new InvalidInputException(
                    "The option partitionKeys names none: list their keys, separated by commas, or leave it out for the"
                            + " whole table.");
        }
        return new PartitionSource(() -> fixed);
    }

    private static List<Partition> segments(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> (Partition) new Partition.Part(new Segment(number, count)))
                .toList();
    }

    private static List<Partition> keyed(@Nullable Object given, KeyReader keys, List<KeyAttribute> attributes) {
        return List.copyOf(values(given, attributes.size() > 1)
                .map(value -> partition(present(value), keys, attributes))
                .collect(LinkedHashSet::new, LinkedHashSet::add, LinkedHashSet::addAll));
    }

    private static Partition partition(Object value, KeyReader keys, List<KeyAttribute> attributes) {
        return attributes.size() == 1
                ? Partition.Keyed.of(keys.partition(value, attributes.get(0)))
                : Partition.Several.of(keys.partition(value, attributes));
    }

    /** Commas separate keys; if a key consists of several values, commas separate these, and semicolons the keys. */
    private static Stream<?> values(@Nullable Object given, boolean several) {
        if (given instanceof Collection<?> values) {
            return new ArrayList<>(values).stream();
        }
        if (given instanceof String text) {
            Stream<String> parts = several ? ValueTexts.groups(text).stream() : Stream.of(text.split(",", -1));
            return parts.map(String::trim).filter(value -> !value.isEmpty());
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
