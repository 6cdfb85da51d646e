/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.FieldFilter.Comparison;
import io.dynastore.store.FieldFilter.Operator;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FieldFilterTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("status=open", List.of(of("status", Operator.EQUAL, "open"))),
                Arguments.of(
                        " status = open , priority >= -3 ",
                        List.of(
                                of("status", Operator.EQUAL, "open"),
                                of("priority", Operator.AT_LEAST, new BigDecimal("-3")))),
                Arguments.of("a!=1.50", List.of(of("a", Operator.NOT_EQUAL, new BigDecimal("1.50")))),
                Arguments.of("a<1e3", List.of(of("a", Operator.LESS, new BigDecimal("1E+3")))),
                Arguments.of("a<=b", List.of(of("a", Operator.AT_MOST, "b"))),
                Arguments.of("a>b", List.of(of("a", Operator.GREATER, "b"))),
                Arguments.of("a=true,b=null", List.of(of("a", Operator.EQUAL, true), of("b", Operator.EQUAL, null))),
                // What JSON would not read as a number is text, and so is what is in quotes.
                Arguments.of("a=007", List.of(of("a", Operator.EQUAL, "007"))),
                Arguments.of("a=2026-01-02", List.of(of("a", Operator.EQUAL, "2026-01-02"))),
                Arguments.of(
                        "a='3',b=\"true\"", List.of(of("a", Operator.EQUAL, "3"), of("b", Operator.EQUAL, "true"))),
                Arguments.of("a^=49", List.of(of("a", Operator.BEGINS_WITH, "49"))),
                Arguments.of("a='x, ''y'', \"z\" '", List.of(of("a", Operator.EQUAL, "x, 'y', \"z\" "))),
                Arguments.of("a=''", List.of(of("a", Operator.EQUAL, ""))),
                Arguments.of("a=O'Neil=x", List.of(of("a", Operator.EQUAL, "O'Neil=x"))),
                Arguments.of(
                        "due,!archived",
                        List.of(of("due", Operator.EXISTS, null), of("archived", Operator.ABSENT, null))),
                Arguments.of(
                        "'a,b=c'=1,\"!d\"",
                        List.of(of("a,b=c", Operator.EQUAL, BigDecimal.ONE), of("!d", Operator.EXISTS, null))),
                Arguments.of("größer als>1", List.of(of("größer als", Operator.GREATER, BigDecimal.ONE))));
    }

    private static Comparison of(String name, Operator operator, @Nullable Object value) {
        return new Comparison(name, operator, value);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textIsReadAsComparisons(String text, List<Comparison> expected) {
        assertThat(FieldFilter.parse(text).comparisons()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 1 | there is no comparison",
                "`  ` | 3 | there is no comparison",
                "a=1, | 5 | the name of a field is expected",
                ",a=1 | 1 | the name of a field is expected",
                "=secret | 1 | the name of a field is expected",
                "a= | 3 | a value is expected",
                "a=,b=1 | 3 | a value is expected",
                "a=>secret | 3 | there is no such operator",
                "a==secret | 3 | there is no such operator",
                "a='secret | 3 | the quotation has no end",
                "a='x' secret | 7 | a comma or the end is expected",
                "a^secret | 2 | a comma or the end is expected",
                "!a=secret | 3 | a comma or the end is expected"
            })
    void otherTextIsAnErrorThatNamesThePlaceAndWhatToWrite(String text, int place, String reason) {
        assertThatThrownBy(() -> FieldFilter.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("filter", "at character " + place + ":", reason, "^= (begins with)")
                .hasMessageNotContaining("secret");
    }

    @Test
    void valueMustFitTheOperator() {
        assertThatThrownBy(() -> FieldFilter.parse("a<true"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'a'", "<", "use = or !=");
        assertThatThrownBy(() -> FieldFilter.parse("a>null")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FieldFilter.equal(Map.of("a", List.of(1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'a'", "List");
        assertThatThrownBy(() -> FieldFilter.equal(Map.of("", 1))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new Comparison("a", Operator.BEGINS_WITH, 1))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void numberOfComparisonsIsBounded() {
        assertThat(FieldFilter.parse(String.join(",", Collections.nCopies(50, "a=1")))
                        .comparisons())
                .hasSize(50);
        assertThatThrownBy(() -> FieldFilter.parse(String.join(",", Collections.nCopies(51, "a=1"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("50 at most");
    }

    @Test
    void onlyThePayloadHasPaths() {
        TableSchema schema = TableSchema.named("t");

        assertThat(Arrays.asList("a.b", "payload", "payload.a.b").stream()
                        .map(name -> of(name, Operator.EXISTS, null).path(schema))
                        .toList())
                .containsExactly(List.of("a.b"), List.of("payload"), List.of("payload", "a", "b"));
        assertThatThrownBy(() -> of("payload.a..b", Operator.EXISTS, null).path(schema))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one dot");
    }
}
