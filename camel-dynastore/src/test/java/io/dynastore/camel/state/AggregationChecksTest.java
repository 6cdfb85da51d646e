/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.AggregationChecks.Left;
import io.dynastore.camel.state.AggregationChecks.Rule;
import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregationChecksTest {

    private static final String GROUP = "g=0#1,1#2";

    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<WorkLog.Entry> entries = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private final List<String> completed = new ArrayList<>();
    private long doomed = Long.MAX_VALUE;

    @Test
    void groupThatIsProcessedOnceWithItsMessagesIsRight() {
        deliver(1, "g/0", Outcome.PROCESSED);
        deliver(2, "g/1", Outcome.PROCESSED);
        processed(GROUP, 1, 10);

        assertThat(check().broken()).isEmpty();
    }

    @Test
    void groupThatIsNeverProcessedIsFound() {
        attempt(GROUP, 1, Step.START, 10);
        attempt(GROUP, 1, Step.FAILED, 11);

        assertThat(check().broken()).containsKey(Rule.NOT_LOST);
    }

    @Test
    void completedGroupThatIsLeftIsFound() {
        processed(GROUP, 1, 10);
        completed.add("exchange-1");

        assertThat(check().broken()).containsOnlyKeys(Rule.NOT_LOST);
    }

    @Test
    void groupThatIsProcessedTwiceIsFound() {
        processed(GROUP, 1, 10);
        processed(GROUP, 2, 20);

        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);
    }

    @Test
    void groupIsProcessedAgainAfterAFailureOrADeathBeforeTheConfirm() {
        attempt(GROUP, 1, Step.START, 10);
        attempt(GROUP, 1, Step.FAILED, 11);
        attempt(GROUP, 2, Step.START, 12);
        attempt(GROUP, 2, Step.DONE, 13);
        processed(GROUP, 3, 20);
        doomed = 15;

        assertThat(check().broken()).isEmpty();
        assertThat(check().repeated()).isEqualTo(1);
    }

    @Test
    void groupIsNotProcessedAgainAfterTheConfirmThoughItsProcessDied() {
        processed(GROUP, 1, 10);
        processed(GROUP, 2, 20);
        doomed = 15;

        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);
    }

    @Test
    void groupThatIsCompletedTwiceIsFoundThoughItsProcessDied() {
        attempt(GROUP, 1, Step.START, 10);
        doomed = 15;
        processed("g=0#1,1#3", 2, 20);

        assertThat(check().broken()).containsOnlyKeys(Rule.ONE_COMPLETION);
    }

    @Test
    void groupWithoutOneOfItsMessagesIsFound() {
        processed("g=0#1,0#2", 1, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.ITS_MESSAGES);
    }

    @Test
    void messageThatWasAddedTwiceIsFound() {
        deliver(1, "g/0", Outcome.PROCESSED);
        processed("g=0#1,0#1,1#2", 1, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.IN_ONE_GROUP);
    }

    @Test
    void messageThatIsInTwoGroupsIsFound() {
        deliver(1, "g/0", Outcome.DIED);
        processed(GROUP, 1, 10);
        open.add("g=0#1");

        assertThat(check().broken()).containsOnlyKeys(Rule.IN_ONE_GROUP);
    }

    @Test
    void messageThatIsInTheGroupOfAnotherKeyIsFound() {
        deliver(1, "other/0", Outcome.PROCESSED);
        processed(GROUP, 1, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.IN_ONE_GROUP);
    }

    @Test
    void messageThatIsReportedAsAddedAndIsNotIsFound() {
        deliver(3, "g/0", Outcome.PROCESSED);
        processed(GROUP, 1, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.IN_ONE_GROUP);
    }

    @Test
    void messageThatFailedAndIsInTheGroupIsFound() {
        deliver(1, "g/0", Outcome.FAILED);
        processed(GROUP, 1, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.IN_ONE_GROUP);
    }

    @Test
    void messageOfADeadProcessMayBeInTheGroupByTwoDeliveriesOrInTheNextGroup() {
        deliver(1, "g/0", Outcome.DIED);
        deliver(2, "g/1", Outcome.DIED);
        deliver(3, "g/0", Outcome.PROCESSED);
        deliver(4, "g/1", Outcome.PROCESSED);
        processed("g=0#1,0#3,1#2", 1, 10);
        open.add("g=1#4");

        assertThat(check().broken()).isEmpty();
        assertThat(check().redelivered()).isEqualTo(1);
    }

    private AggregationChecks.Result check() {
        return AggregationChecks.check(
                2, List.of("g"), deliveries, entries, new Left(open, completed), attempt -> doomed);
    }

    private void processed(String group, long attempt, long time) {
        attempt(group, attempt, Step.START, time);
        attempt(group, attempt, Step.DONE, time + 1);
        attempt(group, attempt, Step.END, time + 2);
    }

    private void attempt(String group, long attempt, Step step, long time) {
        entries.add(new WorkLog.Entry(step, group, attempt, time));
    }

    private void deliver(long id, String message, Outcome outcome) {
        deliveries.add(new Delivery(id, 0, message, 0, 0, 1, outcome));
    }
}
