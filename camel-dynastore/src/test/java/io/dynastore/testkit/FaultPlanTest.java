/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final int MANY = 10_000;

    @Test
    void drawsTheSameFaultsFromTheSameSeed() {
        assertThat(fates(FaultPlan.seeded(7).with(Fault.DROP, 0.5)))
                .isEqualTo(fates(FaultPlan.seeded(7).with(Fault.DROP, 0.5)))
                .isNotEqualTo(fates(FaultPlan.seeded(8).with(Fault.DROP, 0.5)));
    }

    @Test
    void keepsToTheShares() {
        List<FaultPlan.Fate> fates =
                fates(FaultPlan.seeded(7).with(Fault.LOSE_RESPONSE, 0.1).with(Fault.DROP, 0.05));

        assertThat(share(fates, Fault.LOSE_RESPONSE)).isBetween(0.09, 0.11);
        assertThat(share(fates, Fault.DROP)).isBetween(0.04, 0.06);
        assertThat(share(fates, Fault.NONE)).isBetween(0.83, 0.87);
    }

    @Test
    void takesScriptedFaultsFirst() {
        FaultPlan plan = FaultPlan.none();
        plan.next(Fault.DROP, Fault.NONE);
        plan.next(Fault.THROTTLE);

        assertThat(IntStream.range(0, 5).mapToObj(i -> plan.fate("PutItem").fault()))
                .containsExactly(Fault.DROP, Fault.NONE, Fault.THROTTLE, Fault.NONE, Fault.NONE);
    }

    @Test
    void sparesOtherOperations() {
        FaultPlan plan = FaultPlan.none().only("PutItem");
        plan.next(Fault.DROP);

        assertThat(plan.fate("GetItem").fault()).isEqualTo(Fault.NONE);
        assertThat(plan.fate("PutItem").fault()).isEqualTo(Fault.DROP);
    }

    @Test
    void delaysWithinBounds() {
        assertThat(fates(FaultPlan.seeded(7).withDelaysUpTo(Duration.ofMillis(5))))
                .extracting(FaultPlan.Fate::delay)
                .allMatch(delay -> delay.compareTo(Duration.ofMillis(5)) <= 0 && !delay.isNegative());
    }

    @Test
    void refusesSharesThatAreNone() {
        FaultPlan plan = FaultPlan.seeded(7).with(Fault.DROP, 0.6);

        assertThatThrownBy(() -> plan.with(Fault.THROTTLE, 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plan.with(Fault.THROTTLE, -0.1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<FaultPlan.Fate> fates(FaultPlan plan) {
        return IntStream.range(0, MANY).mapToObj(i -> plan.fate("PutItem")).toList();
    }

    private static double share(List<FaultPlan.Fate> fates, Fault fault) {
        return fates.stream().filter(fate -> fate.fault() == fault).count() / (double) MANY;
    }
}
