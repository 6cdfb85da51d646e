/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.IdempotentChecks.Rule;
import io.dynastore.camel.state.WorkLog.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotentChecksTest {

    private static final Duration LEASE = Duration.ofNanos(100);

    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<WorkLog.Entry> entries = new ArrayList<>();

    @Test
    void messageThatIsProcessedOnceIsRight() {
        processed(1, 0);
        delivery(2, 30, 40, Outcome.DUPLICATE);

        assertThat(check().broken()).isEmpty();
    }

    @Test
    void messageThatIsProcessedTwiceIsFound() {
        processed(1, 0);
        processed(2, 50);

        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);
    }

    @Test
    void twoAttemptsAtTheSameTimeAreFoundThoughOneFails() {
        delivery(1, 0, 60, Outcome.FAILED);
        entry(1, Step.START, 1);
        entry(1, Step.FAILED, 59);
        processed(2, 10);

        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);
    }

    @Test
    void messageWhoseProcessDiedAfterTheEndIsNotProcessedAgain() {
        delivery(1, 0, 20, Outcome.DIED);
        entry(1, Step.START, 1);
        entry(1, Step.DONE, 2);
        entry(1, Step.END, 3);
        processed(2, 150);

        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);
    }

    @Test
    void messageWhoseProcessDiedBeforeTheEndIsProcessedAgain() {
        delivery(1, 0, 20, Outcome.DIED);
        entry(1, Step.START, 1);
        entry(1, Step.DONE, 2);
        processed(2, 150);

        assertThat(check().broken()).isEmpty();
        assertThat(check().repeated()).isEqualTo(1);
    }

    @Test
    void messageThatIsNotConfirmedIsNotProcessedAgainDuringItsLease() {
        delivery(1, 0, 20, Outcome.UNCONFIRMED);
        entry(1, Step.START, 1);
        entry(1, Step.DONE, 2);
        processed(2, 98);
        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);

        entry(2, Step.START, 100);

        assertThat(check().broken()).isEmpty();
        assertThat(check().unconfirmed()).isEqualTo(1);
    }

    @Test
    void messageThatTookLongIsNotProcessedAgainDuringTheRestOfItsLease() {
        delivery(1, 0, 160, Outcome.UNCONFIRMED);
        entry(1, Step.START, 1);
        entry(1, Step.DONE, 150);
        processed(2, 181);
        assertThat(check().broken()).containsOnlyKeys(Rule.ONCE);

        entry(2, Step.START, 183);

        assertThat(check().broken()).isEmpty();
    }

    @Test
    void messageThatIsNeverProcessedIsFound() {
        delivery(1, 0, 20, Outcome.DIED);
        delivery(2, 30, 40, Outcome.DUPLICATE);

        assertThat(check().broken()).containsOnlyKeys(Rule.NOT_LOST);
    }

    @Test
    void keyThatIsRefusedAfterTheLeaseOfADeadProcessIsFound() {
        delivery(1, 0, 20, Outcome.DIED);
        entry(1, Step.START, 1);
        delivery(2, 121, 122, Outcome.DUPLICATE);
        processed(3, 200);

        assertThat(check().broken()).containsOnlyKeys(Rule.NOT_BLOCKED);
    }

    @Test
    void keyIsRefusedDuringTheLeaseOfADeadProcess() {
        delivery(1, 0, 20, Outcome.DIED);
        entry(1, Step.START, 1);
        delivery(2, 120, 122, Outcome.DUPLICATE);
        processed(3, 200);

        assertThat(check().broken()).isEmpty();
    }

    private IdempotentChecks.Result check() {
        return IdempotentChecks.check(deliveries, entries, LEASE);
    }

    private void processed(long id, long sent) {
        delivery(id, sent, sent + 20, Outcome.PROCESSED);
        entry(id, Step.START, sent + 1);
        entry(id, Step.DONE, sent + 10);
        entry(id, Step.END, sent + 19);
    }

    private void delivery(long id, long sent, long ended, Outcome outcome) {
        deliveries.add(new Delivery(id, 0, "key", sent, ended, ended, outcome));
    }

    private void entry(long id, Step step, long time) {
        entries.add(new WorkLog.Entry(step, "key", id, time));
    }
}
