/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
        while (left.size() > ITEMS / 4) {
            List<Integer> seen = List.copyOf(left);
            for (ClaimSpread consumer : consumers) {
                if (random.nextInt(4) == 0) {
                    claim(consumer, seen, claimed);
                }
            }
            left.removeIf(item -> claimed[item]);
        }
    }

    private void claim(ClaimSpread consumer, List<Integer> seen, boolean[] claimed) {
        int examined = consumer.examinedPerClaim() * WANTED;
        List<Integer> page = new ArrayList<>(seen.subList(0, Math.min(seen.size(), examined)));
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
    void eachRefusedClaimOfWholePagesTakesTwiceAsManyClaimsToBeAloneAgain() {
        ClaimSpread consumer = new ClaimSpread();
        int first = claimsUntilAlone(consumer);
        consumer.passed(40, 39);
        assertThat(consumer.alone()).isFalse();
        int second = claimsUntilAlone(consumer);

        assertThat(second).isEqualTo(2 * first);
    }

    private static int claimsUntilAlone(ClaimSpread consumer) {
        int claims = 0;
        while (!consumer.alone()) {
            consumer.passed(1, 1);
            claims++;
        }
        return claims;
    }
}
