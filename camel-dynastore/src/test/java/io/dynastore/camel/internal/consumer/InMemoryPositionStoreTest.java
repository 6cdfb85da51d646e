/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The positions of resume=memory, over cycles that list other partitions each time. */
class InMemoryPositionStoreTest {

    private final PositionStore positions = InMemoryPositionStore.ofAllCycles();

    private static Partition partition(int number) {
        return Partition.Keyed.of("partition-" + number);
    }

    private @Nullable String loaded(int number) {
        return positions.load(partition(number)).join();
    }

    /** A cycle over one partition. */
    private void cycle(int number) {
        positions.retain(List.of(partition(number)));
        positions.save(partition(number), "position-" + number).join();
        positions.completed(partition(number));
    }

    @Test
    void partitionThatIsListedAgainContinuesAtItsPosition() {
        cycle(1);
        cycle(2);
        positions.retain(List.of(partition(2), partition(1)));

        assertThat(loaded(1)).isEqualTo("position-1");
        assertThat(loaded(2)).isEqualTo("position-2");
    }

    @Test
    void positionsOfPartitionsThatAreNotListedAnyMoreAreBounded() {
        int most = InMemoryPositionStore.MOST_UNLISTED;
        for (int number = 0; number < most + 1000; number++) {
            cycle(number);
        }

        assertThat(positions.known()).hasSize(most + 1);
        positions.retain(List.of(partition(0), partition(1000)));
        assertThat(loaded(0)).isNull();
        assertThat(loaded(1000)).isEqualTo("position-1000");
    }

    @Test
    void positionsOfListedPartitionsAreAllKept() {
        int listed = InMemoryPositionStore.MOST_UNLISTED + 1000;
        List<Partition> all = IntStream.range(0, listed)
                .mapToObj(InMemoryPositionStoreTest::partition)
                .toList();
        positions.retain(all);
        all.forEach(partition -> positions.save(partition, "p").join());

        positions.retain(all);

        assertThat(positions.known()).hasSize(listed);
        assertThat(loaded(0)).isEqualTo("p");
    }
}
