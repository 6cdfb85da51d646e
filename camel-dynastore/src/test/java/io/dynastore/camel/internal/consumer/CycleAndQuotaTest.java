/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CycleAndQuotaTest {

    private final PartitionCycle pass = new PartitionCycle();

    private static List<Partition> partitions(String... keys) {
        return Stream.of(keys).map(key -> (Partition) Partition.Keyed.of(key)).toList();
    }

    private List<Partition> rest() {
        List<Partition> taken = new ArrayList<>();
        for (Partition next = pass.take(); next != null; next = pass.take()) {
            taken.add(next);
        }
        return taken;
    }

    @Test
    void aPassTakesEachPartitionOnce() {
        pass.goOn(partitions("a", "b"));

        assertThat(rest()).isEqualTo(partitions("a", "b"));
        pass.goOn(partitions("a", "b"));
        assertThat(rest()).isEqualTo(partitions("a", "b"));
    }

    @Test
    void anInterruptedPassGoesOnWithWhatItHasNotFinished() {
        pass.goOn(partitions("a", "b", "c", "d"));
        List<Partition> taken = List.of(pass.take(), pass.take());
        pass.putBack(taken);

        pass.goOn(partitions("a", "b", "c", "d"));

        assertThat(rest()).isEqualTo(partitions("a", "b", "c", "d"));
    }

    @Test
    void anInterruptedPassLeavesOutWhatIsGoneAndTakesInWhatIsNew() {
        pass.goOn(partitions("a", "b", "c"));
        Partition first = pass.take();

        pass.goOn(partitions("a", "c", "d"));

        assertThat(first).isEqualTo(partitions("a").get(0));
        assertThat(rest()).isEqualTo(partitions("c", "d"));
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 4, 6", "10, 10, 10, 0", "10, 12, 10, 0", "0, 5, 5, 2147483642", "-1, 5, 5, 2147483642"})
    void aBudgetGivesWhatItHas(int most, int wanted, int taken, int left) {
        ItemQuota budget = new ItemQuota(most);

        assertThat(budget.take(wanted)).isEqualTo(taken);
        assertThat(budget.left()).isEqualTo(left);
    }

    @Test
    void aBudgetTakesBackAndNeverOverflows() {
        ItemQuota budget = new ItemQuota(10);
        assertThat(budget.take(8)).isEqualTo(8);
        budget.giveBack(3);
        assertThat(budget.left()).isEqualTo(5);

        ItemQuota unlimited = new ItemQuota(0);
        unlimited.giveBack(7);
        assertThat(unlimited.left()).isEqualTo(Integer.MAX_VALUE);
    }
}
