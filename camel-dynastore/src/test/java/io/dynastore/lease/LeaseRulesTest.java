/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pure part of the argument: when a lock may be taken, and when a holder must give up. */
class LeaseRulesTest {

    private static final Instant WALL = Instant.ofEpochMilli(1_000_000);
    private static final Duration LEASE = Duration.ofSeconds(20);

    /** At 1,000 seconds by the wall clock and 100 by the ticker, with an allowance of 2 seconds and a lease of 20. */
    private static final ClockReading NOW =
            new ClockReading(WALL, Duration.ofSeconds(100).toNanos());

    @ParameterizedTest(name = "{0}, lease ends {1} s from now, seen {2} s ago, clock trusted {3}: {4} ms")
    @CsvSource(
            nullValues = "-",
            value = {
                "CLOCK,   0,  -, true,  2001",
                "CLOCK,   -3, -, true,  -999",
                "CLOCK,   -3, 9, false, -",
                "OBSERVE, -3, -, true,  -",
                "OBSERVE, 9,  5, true,  15020",
                "OBSERVE, 9, 20, true,  20",
                "BOTH,    9,  5, true,  11001",
                "BOTH,   90,  5, true,  15020",
                "BOTH,   -3,  5, false, 15020",
                "BOTH,   -3,  -, false, -"
            })
    void lockIsTakenAtTheEarliestTimeThatIsSafe(
            Takeover takeover, long ends, @Nullable Integer seen, boolean trusted, @Nullable Long millis) {
        LockItem item = item("other", WALL.plusSeconds(ends));
        Observation observation = seen == null
                ? null
                : new Observation(
                        7, LEASE, NOW.nanos() - Duration.ofSeconds(seen).toNanos());

        OptionalLong wait = LeaseRules.untilFree(request(takeover), item, NOW, trusted, observation);

        assertThat(wait)
                .isEqualTo(
                        millis == null
                                ? OptionalLong.empty()
                                : OptionalLong.of(Duration.ofMillis(millis).toNanos()));
    }

    @Test
    void lockWithoutHolderIsFreeAtOnce() {
        assertThat(LeaseRules.untilFree(request(Takeover.BOTH), null, NOW, false, null))
                .hasValue(0);
        assertThat(LeaseRules.untilFree(request(Takeover.BOTH), item(null, WALL), NOW, false, null))
                .hasValue(0);
    }

    @Test
    void writeReliesOnNoMoreThanTheRequestAllows() {
        Observation elapsed = new Observation(7, LEASE, 0);
        Observation recent = new Observation(7, LEASE, NOW.nanos() - 1);

        assertThat(LeaseRules.grounds(request(Takeover.CLOCK), NOW, true, elapsed))
                .isEqualTo(new LeaseRules.Grounds(998_000L, null));
        assertThat(LeaseRules.grounds(request(Takeover.OBSERVE), NOW, true, elapsed))
                .isEqualTo(new LeaseRules.Grounds(null, 7L));
        assertThat(LeaseRules.grounds(request(Takeover.BOTH), NOW, true, recent))
                .isEqualTo(new LeaseRules.Grounds(998_000L, null));
        assertThat(LeaseRules.grounds(request(Takeover.BOTH), NOW, false, null))
                .isEqualTo(new LeaseRules.Grounds(null, null));
    }

    @Test
    void endIsNeverBeforeTheHoldersDeadline() {
        assertThat(LeaseRules.until(Instant.ofEpochSecond(1, 1), LEASE)).isEqualTo(21_001);
        assertThat(LeaseRules.until(Instant.ofEpochSecond(1), LEASE)).isEqualTo(21_000);
    }

    @Test
    void endNeverGoesBackThoughTheClockDoes() {
        assertThat(LeaseRules.until(WALL.minusSeconds(60), LEASE, 1_020_000, Duration.ofSeconds(5)))
                .isEqualTo(1_025_000);
        assertThat(LeaseRules.until(WALL.plusSeconds(6), LEASE, 1_020_000, Duration.ofSeconds(5)))
                .isEqualTo(1_026_000);
    }

    @Test
    void termCountsFromTheReadingAtWhichItsRequestWasBuilt() {
        LeaseTerm term = new LeaseTerm(Long.MAX_VALUE - 5, Duration.ofNanos(300));

        assertThat(term.over(Long.MAX_VALUE)).isFalse();
        assertThat(term.atRisk(term.built() + 199)).isFalse();
        assertThat(term.atRisk(term.built() + 200)).isTrue();
        assertThat(term.beat(() -> 0)).isEqualTo(term.built() + 100);
        assertThat(term.beat(() -> -1)).isBetween(term.built() + 75, term.built() + 76);
        assertThat(term.over(term.built() + 299)).isFalse();
        assertThat(term.over(term.built() + 300)).isTrue();
        assertThat(term.remaining(term.built() + 400)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,false", "false,true,false", "false,false,false"})
    void releaseThatWasSentTwiceInTimeWasApplied(boolean repeated, boolean inTime, boolean applied) {
        LockItem others = item("other", WALL);

        assertThat(LeaseRules.releasedBefore(others, "me", repeated, inTime)).isEqualTo(applied);
        assertThat(LeaseRules.releasedBefore(null, "me", repeated, inTime)).isEqualTo(applied);
        assertThat(LeaseRules.releasedBefore(others, "last", repeated, inTime)).isTrue();
    }

    @Test
    void pauseIsAShareOfTheLease() {
        assertThat(LeaseRules.pause(Duration.ofMillis(600)))
                .isEqualTo(Duration.ofMillis(30).toNanos());
        assertThat(LeaseRules.pause(Duration.ofHours(1)))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    private static LockRequest request(Takeover takeover) {
        return LockRequest.of(Key.of("locks", "a")).takeover(takeover).build();
    }

    private static LockItem item(@Nullable String holder, Instant until) {
        return new LockItem(true, 7, holder, holder, until.toEpochMilli(), LEASE, 6, "last", null);
    }
}
