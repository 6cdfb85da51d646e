/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of histories of one lease, each from a seed. The renewals are asked with a clock that the test turns. */
class RenewalHistoryTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final int HISTORIES = 2000;
    private static final int STEPS = 60;
    private static final int MOST_FAILURES = 4;

    @ParameterizedTest(name = "clock that jumps by up to {0} ms")
    @ValueSource(ints = {0, 1000})
    void leaseIsKeptAndItsEndGrowsIfARenewalSucceedsBeforeEachDeadline(int jump) {
        for (long seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed, jump);
            for (int step = 0; step < STEPS; step++) {
                history.step();
            }
            assertThat(history.renewals).as("seed %d", seed).isGreaterThan(STEPS / 4);
        }
    }

    /** Each response takes up to 3 s. Two of three renewals fail, but never more than four in a row. */
    private static final class History {
        private final ManualTime time = new ManualTime();
        private final long seed;
        private final int jump;
        private final Random random;
        private RenewalState state;
        private LeaseStatus lease;
        private int failures;
        private int renewals;

        History(long seed, int jump) {
            this.seed = seed;
            this.jump = jump;
            this.random = TestSeed.random(seed);
            AcquireAttempt attempt = RenewalStateTest.attempt(time, TTL, true);
            this.state = RenewalState.acquired(attempt, attempt.until(), random);
            this.lease = LeaseStatus.acquired(attempt.term(), attempt.until());
        }

        void step() {
            long wait = state.untilNext(lease, time.nanos());
            assertThat(wait)
                    .as("seed %d", seed)
                    .isBetween(0L, lease.remaining(time.nanos()).toNanos());
            time.freeze(Duration.ofNanos(wait));
            lease = lease.becomesAtRisk(time.nanos()) ? lease.atRisk() : lease;
            assertThat(lease.expired(time.nanos())).as("seed %d", seed).isFalse();
            if (state.due(time.nanos())) {
                renew();
            }
        }

        private void renew() {
            renewals++;
            long before = state.latestUntil();
            time.clock.advance(Duration.ofMillis(random.nextInt(2 * jump + 1) - jump));
            state = state.sending().built(new ClockReading(time.clock.instant(), time.nanos()));
            assertThat(state.latestUntil()).as("seed %d", seed).isGreaterThan(before);
            assertThat(state.due(time.nanos())).as("seed %d", seed).isFalse();
            time.freeze(Duration.ofMillis(1 + random.nextInt(3000)));
            if (failures < MOST_FAILURES && random.nextInt(3) > 0) {
                failures++;
                state = state.unconfirmed(new IllegalStateException(), 0, false, time.nanos());
            } else {
                failures = 0;
                LeaseTerm term = new LeaseTerm(state.latestBuilt(), TTL);
                assertThat(lease.at(time.nanos()).ended()).as("seed %d", seed).isFalse();
                lease = lease.renewed(term, state.latestUntil());
                state = state.confirmed(term, time.nanos(), random);
            }
        }
    }
}
