/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SettableClock clock = new SettableClock(START);

    @Test
    void standsStillUntilMoved() {
        assertThat(clock.instant()).isEqualTo(START);

        clock.set(START.plusSeconds(5));

        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void clockOfAnotherZoneMovesWithIt() {
        Clock berlin = clock.withZone(ZoneId.of("Europe/Berlin"));

        clock.advance(Duration.ofHours(1));

        assertThat(berlin.instant()).isEqualTo(START.plusSeconds(3600));
    }

    @Property(tries = 50)
    void advancesByWhatItIsTold(@ForAll @LongRange(min = -1_000_000, max = 1_000_000) long millis) {
        clock.set(START);
        clock.advance(Duration.ofMillis(millis));

        assertThat(clock.millis()).isEqualTo(START.toEpochMilli() + millis);
    }
}
