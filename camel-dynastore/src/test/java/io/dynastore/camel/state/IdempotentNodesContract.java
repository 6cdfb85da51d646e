/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.IdempotentNode.LEASE;
import static io.dynastore.camel.state.IdempotentNode.SKEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an idempotent repository on several nodes has to do when one of them fails or is late. */
abstract class IdempotentNodesContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    /** Almost a lease, and more than a lease together with its like. */
    static final Duration MOST_OF_LEASE = Duration.ofMinutes(4);

    final SettableClock clock = StateTests.clock();
    final String table = dynamo.table("idempotent");
    IdempotentNode first;
    IdempotentNode second;
    private final List<IdempotentNode> nodes = new ArrayList<>();

    /** A node that is not started. */
    abstract IdempotentNode create();

    IdempotentNode node() throws Exception {
        IdempotentNode node = create();
        nodes.add(node);
        return node.started();
    }

    @BeforeEach
    void startNodes() throws Exception {
        first = node();
        second = node();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(IdempotentNode::close);
    }

    @Test
    void oneOfAllNodesAddsAKey() throws Exception {
        for (int round = 0; round < 20; round++) {
            String key = "key-" + round;
            AtomicInteger next = new AtomicInteger();

            List<Boolean> added = IdempotentRepositoryContract.concurrently(8, () -> {
                IdempotentNode node = next.getAndIncrement() % 2 == 0 ? first : second;
                return node.repository.add(node.exchange(), key);
            });

            assertThat(added).as(key).containsOnlyOnce(true);
        }
    }

    @Test
    void addWhoseResponseWasLostIsNoDuplicateOfItself() {
        first.plan.next(Fault.LOSE_RESPONSE);

        assertThat(first.repository.add(first.exchange(), "a")).isTrue();
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
    }

    @Test
    void keyOfACrashedNodeIsFreeAfterItsLease() {
        first.repository.add(first.exchange(), "a");
        first.http.cut();

        clock.advance(LEASE.plus(SKEW));
        assertThat(second.repository.contains("a")).isTrue();
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(second.repository.contains("a")).isFalse();
        assertThat(second.repository.add(second.exchange(), "a")).isTrue();
    }

    @Test
    void lateConfirmOfTheOldOwnerIsRefused() {
        Exchange late = first.exchange();
        first.repository.add(late, "a");
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        Exchange owner = second.exchange();
        second.repository.add(owner, "a");

        assertThat(first.repository.confirm(late, "a")).isFalse();

        assertThat(first.repository.getLostCount()).isEqualTo(1);
        assertThat(second.repository.remove(owner, "a")).isTrue();
        assertThat(second.repository.contains("a")).as("it was never confirmed").isFalse();
    }

    @Test
    void lateRemoveOfTheOldOwnerIsRefused() {
        Exchange late = first.exchange();
        first.repository.add(late, "a");
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        Exchange owner = second.exchange();
        second.repository.add(owner, "a");
        second.repository.confirm(owner, "a");

        assertThat(first.repository.remove(late, "a")).isFalse();

        assertThat(first.repository.getLostCount()).isEqualTo(1);
        assertThat(second.repository.contains("a")).isTrue();
    }

    @Test
    void lateConfirmIsAppliedIfNobodyHasTakenTheKey() {
        Exchange late = first.exchange();
        first.repository.add(late, "a");
        clock.advance(LEASE.multipliedBy(2));

        assertThat(first.repository.confirm(late, "a")).isTrue();

        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        assertThat(first.repository.getLostCount()).isZero();
    }

    @Test
    void leaseIsRenewedWhileTheExchangeRuns() {
        Exchange running = first.exchange();
        first.repository.add(running, "a");

        for (int i = 0; i < 3; i++) {
            clock.advance(MOST_OF_LEASE);
            first.repository.renewDue();
            StateTests.await().until(() -> first.requests().contains("UpdateItem"));
        }

        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        assertThat(first.repository.confirm(running, "a")).isTrue();
        assertThat(first.repository.getInFlightCount()).isZero();
    }

    @Test
    void failingDuplicateDoesNotRemoveTheKeyOfTheFirst() throws Exception {
        first.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .idempotentConsumer(body())
                        .idempotentRepository(first.repository)
                        .skipDuplicate(false)
                        .filter(exchangeProperty(Exchange.DUPLICATE_MESSAGE))
                        .throwException(new IllegalArgumentException("told so"));
            }
        });
        send("a");
        assertThat(first.requests()).containsExactly("UpdateItem", "UpdateItem");

        send("a");

        assertThat(first.requests()).containsExactly("UpdateItem");
        assertThat(second.repository.add(second.exchange(), "a")).isFalse();
        assertThat(first.repository.getRefusedCount()).isEqualTo(1);
    }

    @Test
    void copyOfAnExchangeDoesNotRemoveTheKeyOfItsOriginal() {
        Exchange original = first.exchange();
        first.repository.add(original, "a");
        Exchange copy = original.copy();
        copy.setExchangeId("copy");

        assertThat(first.repository.add(copy, "a")).isFalse();
        assertThat(first.repository.remove(copy, "a")).isFalse();

        assertThat(first.repository.confirm(original, "a")).isTrue();
    }

    private void send(String body) {
        first.context.createProducerTemplate().send("direct:in", exchange -> exchange.getMessage()
                .setBody(body));
    }
}
