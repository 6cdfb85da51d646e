/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Consumers of one shard on a simulated table. */
class ClaimSpreadTest {

    private static final int ITEMS = 40_000;
    private static final int WANTED = 10;

    private final Random random = TestSeed.random();
    private int tried;
    private int refused;

    /** In each round, all that read the shard see the same items, and then claim. */
    private void drain(List<ClaimSpread> consumers) {
        List<Integer> left = new ArrayList<>();
        for (int item = 0; item < ITEMS; item++) {
            left.add(item);
        }
        boolean[] claimed = new boolean[ITEMS];
        List<LeftItems> before = new ArrayList<>(Collections.nCopies(consumers.size(), new LeftItems(List.of())));
        while (left.size() > ITEMS / 4) {
            List<Integer> seen = List.copyOf(left);
            for (int number = 0; number < consumers.size(); number++) {
                if (random.nextInt(4) == 0) {
                    before.set(number, claim(consumers.get(number), before.get(number), seen, claimed));
                }
            }
            left.removeIf(item -> claimed[item]);
        }
    }

    private LeftItems claim(ClaimSpread consumer, LeftItems before, List<Integer> seen, boolean[] claimed) {
        int examined = consumer.examinedPerClaim() * WANTED;
        List<Integer> found = seen.subList(0, Math.min(seen.size(), examined));
        int still = before.stillIn(found, found.size() == seen.size());
        if (still < 0) {
            consumer.met();
        } else {
            consumer.foundAgain(still);
        }
        List<Integer> page = new ArrayList<>(found);
        Collections.shuffle(page, random);
        List<Integer> tries = page.subList(0, Math.min(page.size(), consumer.most(WANTED, page.size())));
        int got = 0;
        for (int item : tries) {
            got += claimed[item] ? 0 : 1;
            claimed[item] = true;
        }
        consumer.passed(tries.size(), got);
        tried += tries.size();
        refused += tries.size() - got;
        return LeftItems.of(found, Set.copyOf(tries));
    }

    @Test
    void oneOfTwentyClaimsIsRefusedAtMostIfTwoConsumersOnAverageReadThePage() {
        List<ClaimSpread> consumers = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            consumers.add(new ClaimSpread());
        }
        drain(consumers);

        assertThat((double) refused / tried).isLessThan(0.05);
    }

    @Test
    void consumerClaimsWholePagesWhenItIsAlone() {
        ClaimSpread consumer = new ClaimSpread();
        assertThat(consumer.most(WANTED, 80)).isEqualTo(WANTED);
        drain(List.of(consumer));

        assertThat(consumer.alone()).isTrue();
        assertThat(consumer.most(WANTED, 40)).isGreaterThanOrEqualTo(40);
    }

    @Test
    void eachErrorTakesTwiceAsManyItemsToBeAloneAgain() {
        ClaimSpread consumer = new ClaimSpread();
        int first = foundAgainUntilAlone(consumer);
        consumer.passed(40, 39);
        assertThat(consumer.alone()).isFalse();
        int second = foundAgainUntilAlone(consumer);
        consumer.met();
        int third = foundAgainUntilAlone(consumer);

        assertThat(second).isEqualTo(2 * first);
        assertThat(third).isEqualTo(4 * first);
    }

    private static int foundAgainUntilAlone(ClaimSpread consumer) {
        int items = 0;
        while (!consumer.alone()) {
            consumer.foundAgain(1);
            items++;
        }
        return items;
    }

    @Test
    void itemsThatWereLeftAreComparedAsFarAsThePageGoes() {
        LeftItems left = LeftItems.of(List.of(1, 2, 3, 4, 5), Set.of(2));

        assertThat(left.stillIn(List.of(1, 3, 4, 5, 6), false)).isEqualTo(4);
        assertThat(left.stillIn(List.of(1, 3), false)).isEqualTo(2);
        assertThat(left.stillIn(List.of(1, 3), true)).isEqualTo(-1);
        assertThat(left.stillIn(List.of(3, 4, 5), false)).isEqualTo(-1);
        assertThat(left.stillIn(List.of(7, 8), false)).isEqualTo(-1);
    }
}
