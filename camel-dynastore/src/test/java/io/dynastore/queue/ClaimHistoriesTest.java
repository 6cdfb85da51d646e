/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of histories of a queue, each from a seed, on a simulated table and with a clock that jumps. A failure
 * names the seed; {@code -Ddynastore.test.seed=N -Ddynastore.test.histories=1} runs that history alone. The property
 * {@code dynastore.test.histories} sets how many are run.
 */
class ClaimHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("dynastore.test.histories", 1000);
    private static final int MOST_UNTIL_CAUGHT = 1000;

    private final long first = TestSeed.value();

    @Test
    void noHistoryBreaksARule() {
        int delivered = 0;
        int deleted = 0;
        int dead = 0;
        int kept = 0;
        for (long seed = first; seed - first < HISTORIES; seed++) {
            QueueHistory history = new QueueHistory(seed, Broken.NOTHING);
            assertThat(history.run()).as("seed %d", seed).isEmpty();
            delivered += history.oracle.delivered;
            deleted += history.oracle.deleted;
            dead += history.oracle.dead;
            kept += history.oracle.kept;
        }
        System.out.printf(
                "%d histories: %d deliveries, %d deleted, %d dead, %d kept after a change%n",
                HISTORIES, delivered, deleted, dead, kept);
        assertThat(Math.min(Math.min(deleted, dead), kept)).isGreaterThan(HISTORIES / 4);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void wrongClaimsAreCaught(Broken broken) {
        for (long seed = first; seed - first < MOST_UNTIL_CAUGHT; seed++) {
            Map<QueueOracle.Rule, String> rules = new QueueHistory(seed, broken).run();
            if (!rules.isEmpty()) {
                System.out.printf("%s: caught by history %d, %s%n", broken, seed - first + 1, rules);
                return;
            }
        }
        assertThat(broken)
                .as("caught within %d seeds from %d", MOST_UNTIL_CAUGHT, first)
                .isNull();
    }
}
