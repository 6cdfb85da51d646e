/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dynastore.store.InvalidInputException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ValueEncoderTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ValueEncoder encoder = new ValueEncoder(PayloadCodec.defaultMapper());

    static Stream<Arguments> encoded() {
        AttributeValue one = AttributeValue.fromN("1");
        AttributeValue bytes = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1, 2}));
        return Stream.of(
                Arguments.of(null, AttributeValue.fromNul(true)),
                Arguments.of("", AttributeValue.fromS("")),
                Arguments.of('c', AttributeValue.fromS("c")),
                Arguments.of(true, AttributeValue.fromBool(true)),
                Arguments.of(new byte[] {1, 2}, bytes),
                Arguments.of(ByteBuffer.wrap(new byte[] {0, 1, 2}).position(1), bytes),
                Arguments.of(SdkBytes.fromByteArray(new byte[] {1, 2}), bytes),
                Arguments.of(one, one),
                Arguments.of(TimeUnit.DAYS, AttributeValue.fromS("DAYS")),
                Arguments.of(new int[] {1}, AttributeValue.fromL(List.of(one))),
                Arguments.of(new Object[] {1, "a"}, AttributeValue.fromL(List.of(one, AttributeValue.fromS("a")))),
                Arguments.of(new ArrayList<>(), AttributeValue.fromL(List.of())),
                Arguments.of(Map.of(1, 1), AttributeValue.fromM(Map.of("1", one))),
                Arguments.of(Set.of("a"), AttributeValue.fromSs(List.of("a"))),
                Arguments.of(set(1, new BigDecimal("1.0"), 1L), AttributeValue.fromNs(List.of("1"))),
                Arguments.of(
                        set(new byte[] {1}, new byte[] {1}),
                        AttributeValue.fromBs(List.of(SdkBytes.fromByteArray(new byte[] {1})))),
                Arguments.of(set(1, "a"), AttributeValue.fromL(List.of(one, AttributeValue.fromS("a")))),
                Arguments.of(
                        set("a", null),
                        AttributeValue.fromL(List.of(AttributeValue.fromS("a"), AttributeValue.fromNul(true)))),
                Arguments.of(NODES.nullNode(), AttributeValue.fromNul(true)),
                Arguments.of(NODES.missingNode(), AttributeValue.fromNul(true)),
                Arguments.of(NODES.booleanNode(true), AttributeValue.fromBool(true)),
                Arguments.of(NODES.binaryNode(new byte[] {1, 2}), bytes),
                Arguments.of(NODES.pojoNode(Set.of("a")), AttributeValue.fromSs(List.of("a"))),
                Arguments.of(
                        NODES.arrayNode().add(1).add("a"),
                        AttributeValue.fromL(List.of(one, AttributeValue.fromS("a")))),
                Arguments.of(NODES.objectNode().put("x", 1), AttributeValue.fromM(Map.of("x", one))));
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void valueIsEncodedAsTheClosestType(@Nullable Object value, AttributeValue expected) {
        assertThat(encoder.encode(value)).isEqualTo(expected);
    }

    @Test
    void positionOfABufferIsNotChanged() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2});
        encoder.encode(buffer);

        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @Test
    void mapKeepsItsOrder() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);

        assertThat(encoder.encode(map).m().keySet()).containsExactly("z", "a");
    }

    @Test
    void nullKeyOfAMapIsRejected() {
        Map<@Nullable String, Integer> map = new LinkedHashMap<>();
        map.put(null, 1);

        assertThatThrownBy(() -> encoder.encode(map))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("key");
    }

    @Test
    void nestingIsBounded() {
        assertThat(encoder.encode(nested(31))).isNotNull();
        assertThatThrownBy(() -> encoder.encode(nested(32)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("32", "itself");
    }

    @Test
    void decodedCollectionsMayBeChanged() {
        List<?> list = decoded(List.class, AttributeValue.fromL(List.of(AttributeValue.fromS("a"))));
        Set<?> set = decoded(Set.class, AttributeValue.fromNs(List.of("1.0", "2.5")));

        assertThat(set).isEqualTo(Set.of(1L, new BigDecimal("2.5")));
        list.clear();
        set.clear();
        assertThat(list).isEmpty();
        assertThat(set).isEmpty();
    }

    private static <T> T decoded(Class<T> type, AttributeValue value) {
        return type.cast(Objects.requireNonNull(ValueDecoder.decode(value)));
    }

    /** A scalar in this many lists. */
    private static Object nested(int lists) {
        Object value = "x";
        for (int i = 0; i < lists; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Set<@Nullable Object> set(@Nullable Object... members) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        for (Object member : members) {
            set.add(member);
        }
        return set;
    }
}
