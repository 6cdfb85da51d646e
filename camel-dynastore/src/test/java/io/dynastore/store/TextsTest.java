/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.codec.ValueEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    private final ValueEncoder encoder = new ValueEncoder(PayloadCodec.defaultMapper());

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "é✓", "\uD83D\uDE00", "a\uD83D\uDE00\uD83D\uDE00b"})
    void textThatUtf8HoldsIsTaken(String text) {
        assertThat(encoder.encode(text).s()).isEqualTo(text);
    }

    static Stream<Object> brokenValues() {
        String broken = "a\uD83D";
        return Stream.of(
                broken,
                "\uDE00a",
                "\uD83D\uD83D\uDE00",
                "\uDE00\uD83D",
                Map.of(broken, 1),
                List.of(broken),
                Set.of(broken));
    }

    @ParameterizedTest
    @MethodSource("brokenValues")
    void halfASurrogatePairIsRefusedWhereverItStands(Object value) {
        assertThatThrownBy(() -> encoder.encode(value))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void keyWithHalfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> TableSchema.named("tickets").encode(Key.of("a\uD83D", "b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("tickets", "surrogate");
    }
}
