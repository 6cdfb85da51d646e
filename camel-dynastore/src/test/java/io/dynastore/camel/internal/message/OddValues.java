/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dynastore.store.Expiry;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Write;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Makes values that a route may send by mistake, or that somebody may send on purpose. Not thread safe. */
// Odd values are odd code.
@SuppressWarnings({"BooleanLiteral", "JavaUtilDate", "ToStringReturnsNull", "UnnecessaryStringBuilder"})
final class OddValues {

    private final Random random;

    OddValues(Random random) {
        this.random = random;
    }

    <T> T oneOf(List<? extends T> values) {
        return values.get(random.nextInt(values.size()));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A value of any kind; its texts contain the marker. */
    @Nullable
    Object any(String marker) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> text(marker);
            case 2 -> number();
            case 3 -> stream(marker);
            case 4 -> collection(marker, 3);
            case 5 -> attribute(marker);
            case 6 -> object(marker);
            case 7 -> json(marker);
            default -> null;
        };
    }

    String text(String marker) {
        return oneOf(List.of(
                "",
                " ",
                marker,
                marker + "\n\t\u0000",
                marker + "\uD83D",
                marker + "\uD83D\uDE00",
                "x".repeat(random.nextInt(5000)) + marker,
                "1",
                "-1",
                "1e400",
                "20m",
                "PT-5S",
                "none",
                "true",
                "json",
                "null",
                "{}",
                "[]",
                "${body}",
                "#" + marker,
                "9".repeat(40)));
    }

    Number number() {
        return oneOf(List.<Number>of(
                0,
                -1,
                7,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                1.5,
                -0.0,
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                new BigDecimal("1E+200"),
                new BigDecimal("10E2147483647"),
                new BigDecimal("1." + "0".repeat(2000)),
                BigInteger.TEN.pow(300),
                new BigInteger("12345678901234567890123456789012345678")));
    }

    private Object stream(String marker) {
        byte[] bytes = (random.nextBoolean() ? marker : "[\"" + marker + "\"]").getBytes(StandardCharsets.UTF_16);
        return OddValues.<Supplier<Object>>list(
                        () -> bytes,
                        () -> new byte[0],
                        () -> ByteBuffer.wrap(bytes),
                        () -> SdkBytes.fromByteArray(bytes),
                        () -> new ByteArrayInputStream(bytes),
                        () -> new ByteArrayInputStream(new byte[random.nextInt(500_000)]),
                        () -> new InputStreamCache(bytes),
                        () -> new StringReader(marker),
                        () -> new ReaderCache(marker),
                        Reader::nullReader,
                        OddValues::brokenReader,
                        () -> new File("/no/such/" + marker),
                        () -> Path.of("/no/such/" + marker),
                        () -> marker.toCharArray(),
                        () -> new StringBuilder(marker))
                .get(random.nextInt(15))
                .get();
    }

    private static Reader brokenReader() {
        Reader broken = new StringReader("");
        try {
            broken.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return broken;
    }

    Object collection(String marker, int depth) {
        Object inner = depth == 0 ? text(marker) : any(marker);
        List<Object> ring = new ArrayList<>();
        ring.add(ring);
        Map<Object, Object> map = new HashMap<>();
        map.put(hashed(chance(0.7) ? text("k") : any("k")), inner);
        map.put(oneOf(List.of("operation", "sortKey", "value", "ttl", "fields", 1)), inner);
        return oneOf(List.of(
                Arrays.asList(inner, inner),
                new Object[] {inner},
                new int[] {1},
                map,
                new TreeMap<>(Map.of(TimeUnit.DAYS, "x")),
                new HashSet<>(Arrays.asList(hashed(inner), 1, "1")),
                Set.of(),
                Set.of(1, 1L, 1.0),
                ring,
                Arrays.asList((Object) null)));
    }

    /** A list that contains itself has no hash code. */
    private @Nullable Object hashed(@Nullable Object value) {
        return value instanceof Collection || value instanceof Map || value instanceof Item ? text("k") : value;
    }

    private AttributeValue attribute(String marker) {
        return oneOf(List.of(
                AttributeValue.builder().build(),
                AttributeValue.fromS(marker),
                AttributeValue.fromS(""),
                AttributeValue.fromN(marker),
                AttributeValue.fromN("1E999"),
                AttributeValue.builder().s(marker).bool(true).build(),
                AttributeValue.fromNul(false),
                AttributeValue.fromSs(List.of()),
                AttributeValue.fromNs(List.of("1", "1.0")),
                AttributeValue.fromL(List.of(AttributeValue.fromM(Map.of("", AttributeValue.fromS(marker)))))));
    }

    private Object object(String marker) {
        return OddValues.<Supplier<Object>>list(
                        Object::new,
                        () -> Optional.of(marker),
                        Optional::empty,
                        () -> Key.of(marker, 1),
                        () -> new Item(Key.of("p", "a"), any(marker), random.nextInt(3), Instant.MAX, Map.of()),
                        () -> Expiry.NEVER,
                        () -> Duration.ofDays(random.nextInt(3) - 1),
                        () -> Duration.ofSeconds(Long.MAX_VALUE),
                        () -> Instant.MIN,
                        LocalDate::now,
                        () -> new Date(Long.MAX_VALUE),
                        () -> UUID.nameUUIDFromBytes(new byte[1]),
                        () -> TimeUnit.DAYS,
                        () -> 'x',
                        () -> Boolean.TRUE,
                        () -> String.class,
                        Thread::currentThread,
                        () -> new CompletableFuture<Object>(),
                        () -> Stream.of(marker),
                        () -> List.of(marker).iterator(),
                        () -> new IllegalStateException(marker),
                        OddValues::withoutText)
                .get(random.nextInt(22))
                .get();
    }

    private static Object withoutText() {
        return new Object() {
            @Override
            public @Nullable String toString() {
                return null;
            }
        };
    }

    private Object json(String marker) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return oneOf(List.of(
                "{\"a\":\"" + marker + "\"}",
                "{\"a\":1,\"a\":2}",
                "{\"" + marker + "\":",
                "[".repeat(3000),
                "1e999999999",
                nodes.nullNode(),
                nodes.missingNode(),
                nodes.textNode(marker),
                nodes.numberNode(Double.NaN),
                nodes.arrayNode().add(nodes.pojoNode(new Object())),
                nodes.objectNode().put("operation", "put").put("sortKey", "z").put("value", marker),
                nodes.binaryNode(new byte[3])));
    }

    /** Writes of a transaction, most of them odd. */
    Object writes(String marker) {
        List<@Nullable Object> writes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Map<Object, @Nullable Object> write = new HashMap<>();
            write.put(
                    "operation", chance(0.8) ? oneOf(List.of("put", "create", "update", "delete", "check")) : any(""));
            write.put("sortKey", chance(0.7) ? "k" + i : any("k"));
            if (chance(0.7)) {
                write.put("value", any(marker));
            }
            for (String name : List.of("fields", "ttl", "expectedVersion", "partitionKey")) {
                if (chance(0.15)) {
                    write.put(name, any(name.equals("fields") ? marker : "k"));
                }
            }
            writes.add(chance(0.85) ? write : chance(0.5) ? Write.put(Key.of("p", "k" + i), any(marker)) : any(marker));
        }
        return writes;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> List<T> list(T... values) {
        return List.of(values);
    }
}
