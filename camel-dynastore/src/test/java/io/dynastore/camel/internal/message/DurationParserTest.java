/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationParserTest {

    @ParameterizedTest
    @CsvSource({
        "20m, PT20M",
        "1h30m, PT1H30M",
        "1 d 2 h 3 m 4 s 5 ms, P1DT2H3M4.005S",
        "250ms, PT0.25S",
        "5 m, PT5M",
        "1m 5ms, PT1M0.005S",
        "2M, PT2M",
        "' 7s ', PT7S",
        "PT20M, PT20M",
        "999999999999999ms, PT277777777H46M39.999S"
    })
    void textWithUnitsIsADuration(String text, Duration duration) {
        assertThat(DurationParser.read("ttl", text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "m", "20 x", "5ms 1m", "1m 1m", "1h30", "1.5h", "-5m", "1234567890123456s"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> DurationParser.read("ttl", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("ttl is ");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void longTextWithAWrongEndIsRefusedWithoutTryingItAgain() {
        String text = "1d" + " ".repeat(100_000) + "x";

        assertThatThrownBy(() -> DurationParser.read("ttl", text)).isInstanceOf(InvalidInputException.class);
    }
}
