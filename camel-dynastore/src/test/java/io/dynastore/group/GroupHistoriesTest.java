/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of histories of a consumer group, each from a seed, on a simulated table and with a clock that jumps. A
 * failure names the seed; {@code -Ddynastore.test.seed=N -Ddynastore.test.histories=1} runs that history alone. The
 * property {@code dynastore.test.histories} sets how many are run.
 */
class GroupHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("dynastore.test.histories", 500);
    private static final int MOST_UNTIL_CAUGHT = 3000;

    private final long first = TestSeed.value();

    @Test
    void noHistoryBreaksARule() {
        int deliveries = 0;
        int repeated = 0;
        int acquired = 0;
        int freed = 0;
        for (long seed = first; seed - first < HISTORIES; seed++) {
            GroupHistory history = new GroupHistory(seed, GroupFlaw.NOTHING);
            assertThat(history.run()).as("seed %d", seed).isEmpty();
            deliveries += history.oracle.deliveries;
            repeated += history.oracle.repeated;
            acquired += history.oracle.acquired;
            freed += history.oracle.freed;
        }
        System.out.printf(
                "%d histories: %d deliveries, %d of them repeated, %d leases, %d freed%n",
                HISTORIES, deliveries, repeated, acquired, freed);
        assertThat(Math.min(repeated, freed)).isGreaterThan(HISTORIES / 4);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void wrongGroupsAreCaught(GroupFlaw flaw) {
        for (long seed = first; seed - first < MOST_UNTIL_CAUGHT; seed++) {
            Map<GroupOracle.Rule, String> rules = new GroupHistory(seed, flaw).run();
            if (!rules.isEmpty()) {
                System.out.printf("%s: caught by history %d, %s%n", flaw, seed - first + 1, rules);
                return;
            }
        }
        assertThat(flaw)
                .as("caught within %d seeds from %d", MOST_UNTIL_CAUGHT, first)
                .isNull();
    }
}
