/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

    private static final String LARGEST = "9".repeat(38);

    static Stream<Arguments> sent() {
        return Stream.of(
                Arguments.of((byte) -1, "-1"),
                Arguments.of((short) 2, "2"),
                Arguments.of(3, "3"),
                Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(new AtomicInteger(4), "4"),
                Arguments.of(new AtomicLong(5), "5"),
                Arguments.of(new BigInteger(LARGEST), LARGEST),
                Arguments.of(0.1f, "0.1"),
                Arguments.of(1e300 / 1e290, "10000000000"),
                Arguments.of(-0.0, "0"),
                Arguments.of(new BigDecimal("1.50"), "1.5"),
                Arguments.of(new BigDecimal("0E-200"), "0"),
                Arguments.of(new BigDecimal("0E+2147483647"), "0"),
                Arguments.of(new BigDecimal("1E3"), "1000"),
                Arguments.of(new BigDecimal("9E125"), "9" + "0".repeat(125)),
                Arguments.of(new BigDecimal("1E-130"), "0." + "0".repeat(129) + "1"),
                Arguments.of(new BigDecimal("1." + "0".repeat(60)), "1"));
    }

    @ParameterizedTest
    @MethodSource("sent")
    void numberIsSentInPlainDigits(Number number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1E126", "-1E126", "1E-131", "1E2147483647", "10E2147483647", "100E2147483647", "1E-2147483647"})
    void magnitudeBeyondDynamoDbIsRefused(String number) {
        assertThatThrownBy(() -> Numbers.text(new BigDecimal(number)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("magnitude", "1E-130 to 9.9E+125");
    }

    @Test
    void thirtyNineDigitsAreRefusedAndNotRounded() {
        assertThatThrownBy(() -> Numbers.text(new BigDecimal("1" + LARGEST)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("39", "38")
                .hasMessageNotContaining(LARGEST);
    }

    @Test
    void notANumberIsRefused() {
        for (Number number : new Number[] {Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> Numbers.text(number))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("not finite");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807,true",
        "9223372036854775808,false",
        "-9223372036854775808,true",
        "-9223372036854775809,false",
        "1.0,true",
        "1E3,true",
        "0E10,true",
        "0.5,false",
        "1E125,false"
    })
    void storedNumberIsALongWhereItIsWholeAndFits(String stored, boolean isLong) {
        Number value = Numbers.value(stored);

        assertThat(value).isInstanceOf(isLong ? Long.class : BigDecimal.class);
        assertThat(new BigDecimal(value.toString())).isEqualByComparingTo(stored);
    }

    @Test
    void decimalHasNeitherTrailingZerosNorAnExponentBelowOne() {
        assertThat(Numbers.value("1.50")).isEqualTo(new BigDecimal("1.5"));
        assertThat(Numbers.value("1E20")).isEqualTo(new BigDecimal("100000000000000000000"));
    }
}
