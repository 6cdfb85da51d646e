/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The check of elections, on made-up histories. */
class ReignsTest {

    private final Reigns reigns = new Reigns();
    private final Reigns.Witness a = reigns.witness("a");
    private final Reigns.Witness b = reigns.witness("b");

    @Test
    void reignsOneAfterTheOtherPass() {
        reign(a, 1, 5);
        reign(b, 6, 9);
        reign(a, 10, 12);

        assertThat(reigns.overlaps()).isEmpty();
        assertThat(reigns.count()).isEqualTo(3);
        assertThat(reigns.beginAfter(6)).hasValue(10);
    }

    @Test
    void reignThatBeginsBeforeTheOthersLastTickIsCaught() {
        reign(a, 1, 5);
        reign(b, 5, 9);

        assertThat(reigns.overlaps()).containsExactly("a from 1 to 5 and b from 5 to 9");
    }

    @Test
    void leaderThatContinuesThroughAnothersReignIsCaught() {
        reign(a, 1, 20);
        reign(b, 6, 7);

        assertThat(reigns.overlaps()).hasSize(1);
    }

    @Test
    void tickOfAFormerLeaderIsCaught() {
        reign(a, 1, 5);
        reign(b, 6, 9);
        a.tick(8);

        assertThat(reigns.overlaps()).containsExactly("a from 1 to 8 and b from 6 to 9");
    }

    @Test
    void reignIsComparedWithTheOneThatLastedLongest() {
        reign(a, 1, 20);
        reign(b, 6, 7);
        reign(reigns.witness("c"), 12, 13);

        assertThat(reigns.overlaps())
                .containsExactly("a from 1 to 20 and b from 6 to 7", "a from 1 to 20 and c from 12 to 13");
    }

    private static void reign(Reigns.Witness node, long first, long last) {
        node.leads();
        node.tick(first);
        node.tick(last);
    }
}
