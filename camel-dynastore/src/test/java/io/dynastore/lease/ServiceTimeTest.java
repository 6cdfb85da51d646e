/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the dates of responses show about the host's clock. */
class ServiceTimeTest {

    private static final Duration ALLOWED = Duration.ofSeconds(2);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.700Z");

    private final ManualTime time = new ManualTime();
    private final ServiceClock clock = new ServiceClock(time.clock, time, true);

    @Test
    void clockThatAgreesIsLeftAlone() {
        host(Duration.ofMillis(300));
        responses();

        assertThat(clock.now().wall()).isEqualTo(time.clock.instant());
        assertThat(clock.offset()).isZero();
        assertThat(clock.trusted(ALLOWED)).isTrue();
    }

    @Test
    void clockThatIsAheadIsMovedBackAndNotTrusted() {
        host(Duration.ofMinutes(5));
        responses();

        assertThat(clock.offset()).isBetween(Duration.ofMinutes(5).minusSeconds(2), Duration.ofMinutes(5));
        assertThat(Duration.between(NOW, clock.now().wall())).isBetween(Duration.ZERO, Duration.ofSeconds(2));
        assertThat(clock.trusted(ALLOWED)).isFalse();
        assertThat(clock.trusted(Duration.ofMinutes(6))).isTrue();
    }

    @Test
    void clockThatIsBehindIsMovedForward() {
        host(Duration.ofMinutes(-5));
        responses();

        assertThat(Duration.between(clock.now().wall(), NOW)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(clock.trusted(ALLOWED)).isFalse();
    }

    @Test
    void clockThatJumpsIsNoticedBeforeTheNextResponse() {
        host(Duration.ZERO);
        responses();
        time.clock.advance(Duration.ofHours(1));

        assertThat(clock.trusted(ALLOWED)).isFalse();
        assertThat(Duration.between(NOW, clock.now().wall())).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void nothingIsTrustedBeforeTheFirstResponse() {
        host(Duration.ZERO);

        assertThat(clock.trusted(ALLOWED)).isFalse();
        assertThat(clock.offset()).isZero();
    }

    @Test
    void responsesWithoutDateCorrectNothing() {
        host(Duration.ofHours(1));
        clock.learn(time.nanos(), Optional.empty());
        clock.learn(time.nanos(), Optional.of("yesterday"));

        assertThat(clock.trusted(ALLOWED)).isTrue();
        assertThat(clock.offset()).isZero();
    }

    @Test
    void responsesNarrowTheBounds() {
        ServiceTime one = ServiceTime.of(0, 10, Instant.EPOCH.plusSeconds(100));
        ServiceTime later = ServiceTime.of(900_000_000, 900_000_010, Instant.EPOCH.plusSeconds(101));
        ServiceTime both = one.and(later);

        assertThat(both.most() - both.least()).isLessThan(one.most() - one.least());
        assertThat(both.least()).isGreaterThan(one.least());
    }

    @Test
    void contradictingResponseReplacesTheBounds() {
        ServiceTime before = ServiceTime.of(0, 10, Instant.EPOCH.plusSeconds(100));
        ServiceTime after = ServiceTime.of(20, 30, Instant.EPOCH.plusSeconds(4000));

        assertThat(before.and(after)).isEqualTo(after);
    }

    @Test
    void boundsWidenWithTime() {
        ServiceTime known = ServiceTime.of(0, 10, Instant.EPOCH.plusSeconds(100));
        long hour = Duration.ofHours(1).toNanos();
        Instant off = Instant.EPOCH.plusSeconds(100).plusNanos(hour).plusSeconds(3);

        assertThat(known.corrected(off, hour)).isEqualTo(off);
        assertThat(known.corrected(off.minusNanos(hour), 0)).isBefore(off.minusNanos(hour));
    }

    private void host(Duration off) {
        time.clock.set(NOW.plus(off));
    }

    /** A response of the service, whose clock is right and whose dates are whole seconds. */
    private void responses() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.atOffset(ZoneOffset.UTC));
        clock.learn(time.nanos(), Optional.of(date));
    }
}
