/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cycle over partitions, and the quota of items of a poll. */
class CycleAndQuotaTest {

    private final PartitionCycle cycle = new PartitionCycle();

    private static List<Partition> partitions(String... keys) {
        return Stream.of(keys).map(key -> (Partition) Partition.Keyed.of(key)).toList();
    }

    private List<Partition> rest() {
        List<Partition> taken = new ArrayList<>();
        for (Partition next = cycle.take(); next != null; next = cycle.take()) {
            taken.add(next);
        }
        return taken;
    }

    @Test
    void cycleTakesEachPartitionOnce() {
        cycle.continueWith(partitions("a", "b"));

        assertThat(rest()).isEqualTo(partitions("a", "b"));
        cycle.continueWith(partitions("a", "b"));
        assertThat(rest()).isEqualTo(partitions("a", "b"));
    }

    @Test
    void interruptedCycleContinuesWithUnfinishedPartitions() {
        cycle.continueWith(partitions("a", "b", "c", "d"));
        List<Partition> taken = List.of(cycle.take(), cycle.take());
        cycle.putBack(taken);

        cycle.continueWith(partitions("a", "b", "c", "d"));

        assertThat(rest()).isEqualTo(partitions("a", "b", "c", "d"));
    }

    @Test
    void interruptedCycleDropsRemovedPartitionsAndAddsNewOnes() {
        cycle.continueWith(partitions("a", "b", "c"));
        Partition first = cycle.take();

        cycle.continueWith(partitions("a", "c", "d"));

        assertThat(first).isEqualTo(partitions("a").get(0));
        assertThat(rest()).isEqualTo(partitions("c", "d"));
    }

    @Test
    void gainedPartitionsComeFirst() {
        cycle.continueWith(partitions("a", "b", "c", "d"));
        Partition first = cycle.take();

        cycle.prefer(partitions("d", "a", "c"));

        assertThat(first).isEqualTo(partitions("a").get(0));
        assertThat(rest()).isEqualTo(partitions("d", "c", "b"));
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 4, 6", "10, 10, 10, 0", "10, 12, 10, 0", "0, 5, 5, 2147483642", "-1, 5, 5, 2147483642"})
    void quotaGivesNoMoreThanItHas(int limit, int wanted, int taken, int remaining) {
        ItemQuota quota = new ItemQuota(limit);

        assertThat(quota.take(wanted)).isEqualTo(taken);
        assertThat(quota.remaining()).isEqualTo(remaining);
    }

    @Test
    void quotaTakesBackAndNeverOverflows() {
        ItemQuota quota = new ItemQuota(10);
        assertThat(quota.take(8)).isEqualTo(8);
        quota.giveBack(3);
        assertThat(quota.remaining()).isEqualTo(5);

        ItemQuota unlimited = new ItemQuota(0);
        unlimited.giveBack(7);
        assertThat(unlimited.remaining()).isEqualTo(Integer.MAX_VALUE);
    }
}
