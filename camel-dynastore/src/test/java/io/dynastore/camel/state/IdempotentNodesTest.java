/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.IdempotentNode.LEASE;
import static io.dynastore.camel.state.IdempotentNode.SKEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.Fault;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The repository on several nodes, and below it a network that loses, repeats and delays requests. */
class IdempotentNodesTest extends IdempotentNodesContract {

    private static final Duration TTL = Duration.ofMinutes(10);

    @Override
    IdempotentNode create() {
        IdempotentNode node = new IdempotentNode(dynamo, table, clock);
        node.repository.setTtl(TTL);
        return node;
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void eachStepReportsTheTruth(Fault fault) {
        Exchange exchange = first.exchange();
        first.plan.next(fault);
        assertThat(first.repository.add(exchange, "a")).isTrue();
        first.http.settle();
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();

        first.plan.next(fault);
        assertThat(first.repository.confirm(exchange, "a")).isTrue();
        first.http.settle();
        assertThat(second.repository.contains("a")).isTrue();

        first.plan.next(fault);
        assertThat(first.repository.remove(exchange, "a")).isTrue();
        first.http.settle();
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void addWithoutExchangeReportsTheTruth(Fault fault) {
        first.plan.next(fault);
        assertThat(first.repository.add("a")).isTrue();
        first.http.settle();
        assertThat(second.repository.add("a")).isFalse();

        first.plan.next(fault);
        assertThat(first.repository.remove("a")).isIn(true, false);
        first.http.settle();
        assertThat(second.repository.contains("a")).isFalse();
    }

    @Test
    void lateRequestOfARemovedKeyBlocksItForALeaseAtMost() {
        Exchange exchange = first.exchange();
        first.plan.next(Fault.ARRIVE_LATE);
        first.repository.add(exchange, "a");
        first.repository.remove(exchange, "a");
        first.http.settle();

        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
    }

    @Test
    void lateRequestsChangeNoLaterClaim() {
        Exchange exchange = first.exchange();
        first.repository.add(exchange, "a");
        first.plan.next(Fault.DUPLICATE);
        first.repository.remove(exchange, "a");
        Exchange owner = second.exchange();
        second.repository.add(owner, "a");

        first.http.settle();

        assertThat(second.repository.contains("a")).isTrue();
        assertThat(second.repository.confirm(owner, "a")).isTrue();
    }

    @Test
    void addThatGetsNoResponseIsRecognisedWhenTheSameExchangeRepeatsIt() {
        Exchange exchange = first.exchange();
        first.plan.next(Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE);
        assertThatThrownBy(() -> first.repository.add(exchange, "a")).isInstanceOf(RuntimeException.class);

        assertThat(first.repository.add(first.exchange(), "a")).isFalse();
        assertThat(first.repository.add(exchange, "a")).isTrue();
        assertThat(first.repository.add(exchange, "a")).isFalse();
        assertThat(first.repository.confirm(exchange, "a")).isTrue();
    }

    @Test
    void confirmThatGetsNoResponseIsRepeated() {
        Exchange exchange = first.exchange();
        first.repository.add(exchange, "a");
        first.http.cut();
        assertThatThrownBy(() -> first.repository.confirm(exchange, "a")).isInstanceOf(RuntimeException.class);
        first.http.heal();
        first.requests();

        first.repository.renewDue();
        StateTests.await().until(() -> first.requests().contains("UpdateItem"));
        // With the response, there is nothing to repeat any more.
        StateTests.await().until(() -> {
            first.repository.renewDue();
            return first.requests().isEmpty();
        });

        clock.advance(LEASE.plusMinutes(1));
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        first.repository.renewDue();
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void unconfirmedKeyIsConfirmedThoughTheServiceWasOutForLongerThanItsLease() {
        failedConfirm(first.exchange());

        clock.advance(LEASE.plusMinutes(10));
        first.renewUntilConfirmed();

        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        clock.advance(LEASE.plusMinutes(1));
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        assertThat(first.repository.getLostCount()).isZero();
    }

    @Test
    void unconfirmedKeyIsRenewedWhileItsConfirmFails() {
        failedConfirm(first.exchange());

        clock.advance(LEASE.dividedBy(2));
        // The renewal comes first, and then the confirm, which never arrives.
        first.plan.next(Fault.NONE, Fault.DROP, Fault.DROP, Fault.DROP, Fault.DROP);
        first.repository.renewDue();
        StateTests.await().until(() -> first.http.injected(Fault.DROP) >= 4);
        clock.advance(LEASE.dividedBy(2).plusMinutes(1));

        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
    }

    @Test
    void unconfirmedKeyThatAnotherHasTakenStaysWithThatOne() {
        failedConfirm(first.exchange());
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        Exchange owner = second.exchange();
        assertThat(second.repository.add(owner, "a")).isTrue();

        first.renewUntilConfirmed();

        StateTests.await().until(() -> first.repository.getLostCount() == 1);
        assertThat(second.repository.confirm(owner, "a")).isTrue();
    }

    @Test
    void unconfirmedKeyIsGivenUpWhenItsItemHasExpired() {
        failedConfirm(first.exchange());

        clock.advance(LEASE.plus(KeyWrites.SWEEP).plusMillis(1));
        first.repository.renewDue();

        assertThat(first.repository.getUnconfirmedCount()).isZero();
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
    }

    @Test
    void unconfirmedKeyThatIsRemovedIsNotConfirmed() {
        Exchange exchange = first.exchange();
        failedConfirm(exchange);
        assertThat(first.repository.getUnconfirmedCount()).isEqualTo(1);

        assertThat(first.repository.remove(exchange, "a")).isTrue();

        assertThat(first.repository.getUnconfirmedCount()).isZero();
    }

    private void failedConfirm(Exchange exchange) {
        first.repository.add(exchange, "a");
        first.http.cut();
        assertThatThrownBy(() -> first.repository.confirm(exchange, "a")).isInstanceOf(RuntimeException.class);
        first.http.heal();
        first.requests();
    }

    @Test
    void renewalOfALostKeyCountsAndEnds() {
        Exchange running = first.exchange();
        first.repository.add(running, "a");
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        second.repository.add(second.exchange(), "a");

        first.repository.renewDue();

        StateTests.await().until(() -> first.repository.getLostCount() == 1);
        assertThat(first.repository.getInFlightCount()).isZero();
    }

    @Test
    void renewalIsSentEveryThirdOfALease() {
        Exchange running = first.exchange();
        first.repository.add(running, "a");
        first.requests();

        clock.advance(LEASE.dividedBy(3).minusMillis(1));
        first.repository.renewDue();
        assertThat(first.requests()).isEmpty();

        clock.advance(Duration.ofMillis(1));
        first.repository.renewDue();
        first.repository.renewDue();
        StateTests.await().until(() -> first.requests().equals(List.of("UpdateItem")));
        assertThat(first.repository.confirm(running, "a")).isTrue();
    }

    @Test
    void abandonedExchangeDoesNotKeepItsKey() {
        first.repository.add(first.exchange(), "a");

        StateTests.await().until(() -> {
            System.gc();
            first.repository.renewDue();
            return first.repository.getInFlightCount() == 0;
        });

        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
    }

    @Test
    void expiredKeyCountsAsAbsentAtOnce() {
        Exchange exchange = first.exchange();
        first.repository.add(exchange, "a");
        first.repository.confirm(exchange, "a");
        first.repository.add("b");

        clock.advance(TTL);
        assertThat(second.repository.contains("a")).isTrue();
        assertThat(second.repository.add("b")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(second.repository.contains("a")).isFalse();
        assertThat(second.repository.contains("b")).isFalse();
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
        assertThat(second.repository.add("b")).isTrue();
    }

    @Test
    void keyOfAnotherNodeInFlightIsNeitherConfirmedNorRemovedWithoutAnExchange() {
        Exchange exchange = first.exchange();
        first.repository.add(exchange, "a");

        assertThat(second.repository.remove("a")).isFalse();
        assertThat(second.repository.confirm("a")).isFalse();
        assertThat(second.repository.confirm("unknown")).isFalse();

        assertThat(second.repository.getRefusedCount()).isEqualTo(3);
        assertThat(first.repository.confirm(exchange, "a")).isTrue();
        assertThat(second.repository.remove("a")).isTrue();
    }

    @Test
    void keyWithoutExchangeIsConfirmedAtOnce() {
        first.repository.add("a");
        first.http.cut();
        clock.advance(LEASE.plusMinutes(1));

        assertThat(second.repository.add("a")).isFalse();
    }

    @Test
    void keyWithoutExchangeIsInFlightIfItIsToBe() throws Exception {
        IdempotentNode eager = create();
        eager.repository.setInFlightWithoutExchange(true);
        try (eager) {
            eager.started();
            eager.repository.add("a");
            eager.repository.add("b");
            assertThat(eager.repository.getInFlightCount()).isEqualTo(2);
            assertThat(eager.repository.confirm("b")).isTrue();
            clock.advance(LEASE.plus(SKEW).plusMillis(1));

            assertThat(second.repository.add("b")).isFalse();
            assertThat(second.repository.add("a")).isTrue();
            assertThat(eager.repository.remove("a")).isFalse();
            assertThat(eager.repository.getLostCount()).isEqualTo(1);
        }
    }
}
