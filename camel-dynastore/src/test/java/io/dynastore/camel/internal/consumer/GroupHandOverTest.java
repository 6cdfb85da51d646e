/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** How members learn that one of them stops or is suspended, and when they poll what they have taken. */
class GroupHandOverTest extends GroupContract {

    private static final String[] PARTITIONS = {"a", "b", "c", "d"};

    /** Two members with two partitions each. From now on, the second one can't look at its group. */
    private Node oneOfTwo(String options) throws Exception {
        Node one = join("one", FOUR + options);
        plan = FaultPlan.none().only("Query");
        join("two", FOUR + options);
        awaitOwned("one", 2, PARTITIONS);
        awaitOwned("two", 2, PARTITIONS);
        plan.next(Collections.nCopies(10_000, Fault.DROP).toArray(Fault[]::new));
        return one;
    }

    @Test
    void aMemberTakesWhatAStoppedOneHasFreedBeforeItLooks() throws Exception {
        oneOfTwo("&groupWatch=100ms").stop();

        awaitOwned("two", 4, PARTITIONS);
        await().untilAsserted(() -> assertThat(member("two")).doesNotContainKey("_dsgiven"));
    }

    @Test
    void aMemberTakesWhatASuspendedOneHasFreedBeforeItLooks() throws Exception {
        oneOfTwo("&groupWatch=100ms").consumer().suspend();

        awaitOwned("two", 4, PARTITIONS);
    }

    @Test
    void withoutGroupWatchAMemberLearnsOfItByItsLooks() throws Exception {
        Node one = join("one", FOUR + "&groupWatch=0");
        join("two", FOUR + "&groupWatch=0");
        awaitOwned("two", 2, PARTITIONS);
        HTTP.clear();
        one.stop();
        awaitOwned("two", 4, PARTITIONS);

        // A member that watches its item accepts a read that is late. Other reads of a key alone do not.
        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("GetItem")
                        && !request.request().at("/ConsistentRead").asBoolean())
                .noneMatch(request -> request.request().at("/Key").toString().contains("member/"));
        assertThat(member("two")).isNotEmpty();
        await().untilAsserted(() -> assertThat(member("two")).doesNotContainKey("_dsgiven"));
    }

    @Test
    void takenPartitionsArePolledAtOnceUnlessPollsAreFarApart() throws Exception {
        consume("partitionKeys=a&delay=60000");
        awaitPolls(0);
        givenItems("a", 1);
        long before = consumer().getCounter();

        new PromptPoll(consumer(), Duration.ofSeconds(59)).begin();
        new PromptPoll(consumer(), Duration.ofSeconds(60)).begin();
        awaitDelivered(1);
        awaitCounter(before + 1);
        new PromptPoll(consumer(), Duration.ofSeconds(60)).begin();
        awaitCounter(before + 2);
    }

    private void awaitCounter(long polls) {
        await().untilAsserted(() -> assertThat(consumer().getCounter()).isEqualTo(polls));
    }
}
