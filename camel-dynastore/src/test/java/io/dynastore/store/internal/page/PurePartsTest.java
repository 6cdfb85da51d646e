/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.internal.item.Backoff;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ItemSize;
import io.dynastore.testkit.TestSeed;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/** Item sizes, sort key ranges, pauses and consumed capacity. */
class PurePartsTest {

    static Stream<Arguments> sizes() {
        SdkBytes three = SdkBytes.fromByteArray(new byte[3]);
        return Stream.of(
                Arguments.of(AttributeValue.fromS("abc"), 3),
                Arguments.of(AttributeValue.fromS("ä€😀"), 2 + 3 + 4),
                Arguments.of(AttributeValue.fromS("\u007f\u0080\u07ff\u0800"), 1 + 2 + 2 + 3),
                Arguments.of(AttributeValue.fromN("-123400.5600"), 3),
                Arguments.of(AttributeValue.fromB(three), 3),
                Arguments.of(AttributeValue.fromBool(true), 1),
                Arguments.of(AttributeValue.fromNul(true), 1),
                Arguments.of(AttributeValue.fromSs(List.of("a", "bc")), 3),
                Arguments.of(AttributeValue.fromNs(List.of("11", "2222")), 3),
                Arguments.of(AttributeValue.fromBs(List.of(three)), 3),
                Arguments.of(AttributeValue.fromL(List.of(AttributeValue.fromS("ab"))), 5),
                Arguments.of(AttributeValue.fromM(Map.of("kk", AttributeValue.fromS("ab"))), 7));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sizeOfAnAttributeIsThatOfItsNameAndItsValue(AttributeValue value, long size) {
        assertThat(ItemSize.of(Map.of("n", value))).isEqualTo(1 + size);
    }

    @Test
    void itemMayHaveFourHundredKilobytesAndNotOneByteMore() {
        ItemSize.check(Map.of("n", AttributeValue.fromS("x".repeat(400 * 1024 - 1))));

        assertThatThrownBy(() -> ItemSize.check(Map.of("n", AttributeValue.fromS("x".repeat(400 * 1024)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("409601", "409600");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ab,-,-,ab,true",
                "ab,-,-,abc,true",
                "ab,-,-,a,false",
                "ab,-,-,b,false",
                "ab,-,-,xab,false",
                "-,b,-,b,true",
                "-,b,-,az,false",
                "-,-,b,b,true",
                "-,-,b,b0,false",
                "-,b,d,c,true",
                "-,b,d,d,true",
                "-,b,d,e,false",
                "-,\uffee,-,😀,true",
                "-,😀,-,\uffee,false"
            })
    void textIsInARangeByItsBytes(
            @Nullable String prefix, @Nullable String from, @Nullable String to, String key, boolean inside) {
        SortKeyRange range = SortKeyRange.of(
                ListCall.builder()
                        .sortKeyPrefix(prefix)
                        .sortKeyFrom(from)
                        .sortKeyTo(to)
                        .build()
                        .options(),
                List.of(new KeyAttribute("k", KeyType.STRING)),
                false);

        assertThat(contains(range, AttributeValue.fromS(key))).isEqualTo(inside);
    }

    private static boolean contains(SortKeyRange range, AttributeValue value) {
        return range.contains(Map.of("k", value), List.of(new KeyAttribute("k", KeyType.STRING)));
    }

    @ParameterizedTest
    @CsvSource({"2,true", "10,true", "9.99,true", "1.99,false", "10.01,false", "-5,false", "1E1,true"})
    void numberIsInARangeByItsValue(BigDecimal key, boolean inside) {
        SortKeyRange range = SortKeyRange.of(
                ListCall.builder().sortKeyFrom(2).sortKeyTo(10).build().options(),
                List.of(new KeyAttribute("k", KeyType.NUMBER)),
                false);

        assertThat(contains(range, AttributeValue.fromN(key.toString()))).isEqualTo(inside);
    }

    @Test
    void bytesAreInARangeByUnsignedComparison() {
        SortKeyRange range = SortKeyRange.of(
                ListCall.builder().sortKeyFrom(new byte[] {127}).build().options(),
                List.of(new KeyAttribute("k", KeyType.BINARY)),
                false);

        assertThat(contains(range, AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {-128}))))
                .isTrue();
        assertThat(contains(range, AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {126}))))
                .isFalse();
    }

    @Test
    void pauseIsDrawnBelowABoundThatDoublesUpToFiveSeconds() {
        Backoff backoff = new Backoff(TestSeed.random());
        for (int failures = 0; failures < 70; failures++) {
            long bound = failures > 6 ? 5000 : Math.min(5000, 50L << failures);
            for (int i = 0; i < 20; i++) {
                assertThat(backoff.pause(failures)).isBetween(Duration.ZERO, Duration.ofMillis(bound));
            }
        }
    }

    @Test
    void pauseMayBeItsBound() {
        Random highest = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };

        assertThat(new Backoff(highest).pause(0)).hasMillis(50);
        assertThat(new Backoff(highest).pause(3)).hasMillis(400);
        assertThat(new Backoff(highest).pause(1000)).hasMillis(5000);
    }

    @Test
    void capacityThatIsNotReportedIsZero() {
        ConsumedCapacity two = ConsumedCapacity.builder().capacityUnits(2.0).build();
        ConsumedCapacity silent = ConsumedCapacity.builder().build();

        assertThat(Capacity.of((ConsumedCapacity) null)).isZero();
        assertThat(Capacity.of(silent)).isZero();
        assertThat(Capacity.of(two)).isEqualTo(2);
        assertThat(Capacity.of(List.of(two, silent, two))).isEqualTo(4);
    }
}
