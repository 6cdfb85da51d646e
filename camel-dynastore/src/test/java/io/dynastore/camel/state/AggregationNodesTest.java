/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.AggregationNode.LEASE;
import static io.dynastore.camel.state.AggregationNode.SKEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.NeedsEngine;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The repository on several nodes, and below it a network that loses, repeats and delays requests. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregationNodesTest extends AggregationNodesContract {

    @Override
    AggregationNode create() {
        return new AggregationNode(dynamo, table, clock);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void eachStepReportsTheTruth(Fault fault) {
        for (String body : new String[] {"1", "2"}) {
            Exchange old = first.repository.get(first.context, "a");
            first.plan.next(fault);
            first.repository.add(first.context, "a", old, new Joining().aggregate(old, first.message(body)));
        }
        assertThat(second.body("a")).isEqualTo("1,2");

        Exchange exchange = first.get("a");
        first.plan.next(fault);
        first.repository.remove(first.context, "a", exchange);
        failed(exchange);
        first.http.settle();
        assertThat(second.body("a")).isNull();
        assertThat(first.repository.scan(first.context)).containsExactly(exchange.getExchangeId());

        first.plan.next(fault);
        Exchange recovered = Objects.requireNonNull(first.repository.recover(first.context, exchange.getExchangeId()));
        assertThat(recovered.getMessage().getBody()).isEqualTo("1,2");
        first.plan.next(fault);
        assertThat(first.repository.confirmWithResult(first.context, exchange.getExchangeId()))
                .isTrue();
        first.http.settle();

        clock.advance(LEASE.multipliedBy(3));
        assertThat(second.repository.scan(second.context)).isEmpty();
        assertThat(second.body("a")).isNull();
        assertThat(first.repository.getConflictCount()).isZero();
        assertThat(first.repository.getLostCount()).isZero();
    }

    @Test
    void addThatGetsNoResponseAsksTheTable() {
        Exchange none = first.repository.get(first.context, "a");
        first.plan.next(Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE, Fault.LOSE_RESPONSE);

        first.repository.add(first.context, "a", none, first.message("1"));

        assertThat(second.body("a")).isEqualTo("1");
    }

    @Test
    void addWhoseResponseWasLostIsNoConflictThoughAnotherMessageCameBeforeItsRepetition() {
        first.aggregate("a", "1");
        Exchange old = first.get("a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.http.between(() -> second.aggregate("a", "3"));

        first.repository.add(first.context, "a", old, new Joining().aggregate(old, first.message("2")));

        assertThat(second.body("a")).isEqualTo("1,2,3");
        assertThat(first.repository.getConflictCount()).isZero();
    }

    @Test
    void firstAddWhoseResponseWasLostIsNoConflictThoughTheGroupWasCompletedBeforeItsRepetition() {
        Exchange none = first.repository.get(first.context, "a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.http.between(() -> {
            second.complete("a");
            second.aggregate("a", "2");
        });

        first.repository.add(first.context, "a", none, first.message("1"));

        assertThat(second.body("a")).isEqualTo("2");
        assertThat(first.repository.getConflictCount()).isZero();
    }

    @Test
    void historyOfAGroupDoesNotGrow() {
        for (int i = 0; i < 40; i++) {
            first.aggregate("a", "x");
        }

        Exchange exchange = first.get("a");

        assertThat(exchange.getProperty(GroupVersion.PROPERTY, GroupVersion.class)
                        .history())
                .hasSize(16)
                .doesNotHaveDuplicates();
    }

    @Test
    void addThatReachesNobodyFails() {
        Exchange none = first.repository.get(first.context, "a");
        first.http.cut();

        assertThatThrownBy(() -> first.repository.add(first.context, "a", none, first.message("1")))
                .isInstanceOf(RuntimeException.class);

        assertThat(second.body("a")).isNull();
    }

    @Test
    void messageThatFailsWhenItIsRepeatedAfterAConflictEnds() throws Exception {
        first.aggregate("a", "1");
        AtomicInteger rounds = new AtomicInteger();
        first.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(constant("a"), (old, added) -> {
                            if (rounds.incrementAndGet() == 1) {
                                second.aggregate("a", "2");
                            } else {
                                first.http.cut();
                            }
                            return new Joining().aggregate(old, added);
                        })
                        .aggregationRepository(first.repository)
                        .optimisticLocking()
                        .completionSize(10)
                        .to("mock:out");
            }
        });

        try (ProducerTemplate template = first.context.createProducerTemplate()) {
            Exchange sent = template.asyncSend("direct:in", first.message("3")).get(60, TimeUnit.SECONDS);

            assertThat(sent.getException())
                    .isInstanceOf(CamelExchangeException.class)
                    .hasCauseInstanceOf(RuntimeException.class);
        }
        first.http.heal();
        assertThat(rounds).hasValue(2);
        assertThat(second.body("a")).isEqualTo("1,2");
    }

    @Test
    void confirmThatGetsNoResponseIsRepeated() {
        first.aggregate("a", "1");
        Exchange exchange = first.complete("a");
        first.http.cut();
        assertThat(first.repository.confirmWithResult(first.context, exchange.getExchangeId()))
                .isFalse();
        AggregationNode.end(exchange);
        first.http.heal();
        assertThat(first.repository.scan(first.context)).isEmpty();

        StateTests.await().until(() -> {
            first.repository.renewDue();
            return first.repository.getUnconfirmedCount() == 0;
        });

        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        StateTests.await().until(() -> second.repository.scan(second.context).isEmpty());
    }

    @Test
    void exchangeThatIsNeverProcessedIsNotHeldForEver() {
        first.aggregate("a", "1");
        first.complete("a");

        StateTests.await().until(() -> {
            System.gc();
            first.repository.renewDue();
            return first.repository.getInFlightCount() == 0;
        });

        assertThat(first.repository.scan(first.context)).hasSize(1);
    }
}
