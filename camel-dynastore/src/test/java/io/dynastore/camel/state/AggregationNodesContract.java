/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.AggregationNode.LEASE;
import static io.dynastore.camel.state.AggregationNode.SKEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.DynaStoreException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.SettableClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an aggregation repository on several nodes has to do when one of them fails or is late. */
abstract class AggregationNodesContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    final SettableClock clock = StateTests.clock();
    final String table = dynamo.table("aggregation");
    AggregationNode first;
    AggregationNode second;
    private final List<AggregationNode> nodes = new ArrayList<>();

    /** A node that is not started. */
    abstract AggregationNode create();

    AggregationNode node() throws Exception {
        AggregationNode node = create();
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
        nodes.forEach(AggregationNode::close);
    }

    @Test
    void everyMessageOfAllNodesIsInTheGroupOnce() throws Exception {
        AtomicInteger next = new AtomicInteger();
        int threads = 6;
        int each = 10;

        IdempotentRepositoryContract.concurrently(threads, () -> {
            int thread = next.getAndIncrement();
            AggregationNode node = thread % 2 == 0 ? first : second;
            for (int i = 0; i < each; i++) {
                aggregateUntilItWorks(node, thread + "-" + i);
            }
            return true;
        });

        assertThat(Objects.requireNonNull(second.body("a")).split(","))
                .hasSize(threads * each)
                .doesNotHaveDuplicates();
    }

    @Test
    void oneOfAllNodesCompletesAGroup() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "key-" + round;
            first.aggregate(key, "1");
            AtomicInteger next = new AtomicInteger();

            List<Boolean> completed = IdempotentRepositoryContract.concurrently(
                    4, () -> completes(next.getAndIncrement() % 2 == 0 ? first : second, key));

            assertThat(completed).as(key).containsOnlyOnce(true);
        }
    }

    @Test
    void groupThatAnotherNodeHasChangedIsNotCompleted() {
        first.aggregate("a", "1");
        Exchange stale = first.get("a");
        second.aggregate("a", "2");

        assertThatThrownBy(() -> first.repository.remove(first.context, "a", stale))
                .isInstanceOf(OptimisticLockingException.class);

        assertThat(second.body("a")).isEqualTo("1,2");
        assertThat(first.repository.getConflictCount()).isEqualTo(1);
    }

    @Test
    void crashBetweenCompletionAndProcessingLosesNothing() {
        first.aggregate("a", "1");
        String id = first.complete("a").getExchangeId();
        first.http.cut();

        clock.advance(LEASE.plus(SKEW).plusMillis(1));

        assertThat(second.repository.scan(second.context)).containsExactly(id);
        Exchange recovered = second.repository.recover(second.context, id);
        assertThat(Objects.requireNonNull(recovered).getMessage().getBody()).isEqualTo("1");
        assertThat(second.body("a")).isNull();
    }

    @Test
    void crashBeforeTheCompletionLosesNothing() {
        first.aggregate("a", "1");
        Exchange exchange = first.get("a");
        first.http.cut();

        crashesIn(exchange);

        assertThat(second.body("a")).isEqualTo("1");
        assertThat(second.repository.scan(second.context)).isEmpty();
    }

    @Test
    void crashAfterTheFirstRequestOfACompletionLosesNothing() {
        first.aggregate("a", "1");
        Exchange exchange = first.get("a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.http.between(first.http::cut);

        crashesIn(exchange);

        assertThat(second.body("a")).isNull();
        assertThat(second.repository.scan(second.context)).hasSize(1);
    }

    private void crashesIn(Exchange exchange) {
        assertThatThrownBy(() -> first.repository.remove(first.context, "a", exchange))
                .isInstanceOf(RuntimeException.class);
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
    }

    @Test
    void groupThatItsNodeWorksOnIsNotRecoveredByAnother() {
        first.aggregate("a", "1");
        Exchange running = first.complete("a");

        for (int i = 0; i < 4; i++) {
            assertThat(second.repository.scan(second.context)).isEmpty();
            assertThat(second.repository.recover(second.context, running.getExchangeId()))
                    .isNull();
            long before = first.http.requests("UpdateItem");
            clock.advance(LEASE.dividedBy(2));
            first.repository.renewDue();
            StateTests.await()
                    .until(() ->
                            first.http.requests("UpdateItem") > before || first.repository.getInFlightCount() == 0);
        }

        assertThat(first.repository.scan(first.context)).isEmpty();
        assertThat(first.repository.confirmWithResult(first.context, running.getExchangeId()))
                .isTrue();
        clock.advance(LEASE.multipliedBy(2));
        assertThat(second.repository.scan(second.context)).isEmpty();
    }

    @Test
    void oneOfAllNodesRecoversAGroupAtATime() throws Exception {
        AggregationNode third = node();
        for (int round = 0; round < 5; round++) {
            String key = "key-" + round;
            first.aggregate(key, "1");
            String id = failed(first.complete(key));
            clock.advance(LEASE.multipliedBy(2));
            assertThat(second.repository.scan(second.context)).contains(id);
            assertThat(third.repository.scan(third.context)).contains(id);
            AtomicInteger next = new AtomicInteger();

            List<Boolean> recovered = IdempotentRepositoryContract.concurrently(2, () -> {
                AggregationNode node = next.getAndIncrement() == 0 ? second : third;
                Exchange exchange = node.repository.recover(node.context, id);
                KEPT.add(Arrays.asList(exchange));
                return exchange != null;
            });

            assertThat(recovered).as(id).containsOnlyOnce(true);
        }
    }

    /** Keeps exchanges that are being processed from being collected. */
    private static final List<Object> KEPT = new CopyOnWriteArrayList<>();

    @Test
    void failedGroupIsRecoveredByItsOwnNodeAtOnce() {
        first.aggregate("a", "1");
        Exchange failed = first.complete("a");
        assertThat(first.repository.scan(first.context)).isEmpty();
        failed(failed);

        assertThat(second.repository.scan(second.context)).isEmpty();
        assertThat(first.repository.scan(first.context)).containsExactly(failed.getExchangeId());
        assertThat(first.repository.recover(first.context, failed.getExchangeId()))
                .isNotNull();
    }

    @Test
    void addWhoseResponseWasLostIsNoConflict() {
        Exchange none = first.repository.get(first.context, "a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.repository.add(first.context, "a", none, first.message("1"));
        Exchange old = first.get("a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.repository.add(first.context, "a", old, new Joining().aggregate(old, first.message("2")));

        assertThat(second.body("a")).isEqualTo("1,2");
        assertThat(first.repository.getConflictCount()).isZero();
    }

    @Test
    void messageOfWhichTheTableKnowsNothingMoreFailsAndIsNotAddedTwice() {
        first.aggregate("a", "1");
        Exchange old = first.get("a");
        first.plan.next(Fault.LOSE_RESPONSE);
        first.http.between(() -> addOthers(17));

        assertThatThrownBy(() ->
                        first.repository.add(first.context, "a", old, new Joining().aggregate(old, first.message("2"))))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("Table " + table + ", correlation key a: it can't be known");

        assertThat(second.body("a")).startsWith("1,2,other-0,").endsWith(",other-16");
    }

    @Test
    void messageThatWasNotAddedIsAConflictHoweverManyOthersWere() {
        first.aggregate("a", "1");
        Exchange old = first.get("a");
        addOthers(17);

        assertThatThrownBy(() ->
                        first.repository.add(first.context, "a", old, new Joining().aggregate(old, first.message("2"))))
                .isInstanceOf(OptimisticLockingException.class);
    }

    private void addOthers(int number) {
        for (int i = 0; i < number; i++) {
            second.aggregate("a", "other-" + i);
        }
    }

    @Test
    void firstMessageThatArrivesLateMakesNoSecondGroup() {
        Exchange none = first.repository.get(first.context, "a");
        first.plan.next(Fault.DUPLICATE);
        first.repository.add(first.context, "a", none, first.message("1"));
        Exchange completed = first.complete("a");
        first.repository.confirm(first.context, completed.getExchangeId());

        first.http.settle();

        assertThat(second.body("a")).isNull();
        assertThat(second.repository.getKeys()).isEmpty();
    }

    @Test
    void completionThatArrivesLateBringsNoConfirmedGroupBack() {
        first.aggregate("a", "1");
        Exchange exchange = first.get("a");
        first.plan.next(Fault.ARRIVE_LATE);
        first.repository.remove(first.context, "a", exchange);
        first.repository.confirm(first.context, exchange.getExchangeId());

        first.http.settle();

        clock.advance(LEASE.multipliedBy(2));
        assertThat(second.repository.scan(second.context)).isEmpty();
        assertThat(first.repository.scan(first.context)).isEmpty();
    }

    @Test
    void completionThatComesSecondOnTheSameNodeDoesNotEndTheClaimOfTheFirst() {
        first.aggregate("a", "1");
        Exchange winner = first.get("a");
        Exchange loser = first.get("a");
        first.repository.remove(first.context, "a", winner);

        assertThatThrownBy(() -> first.repository.remove(first.context, "a", loser))
                .isInstanceOf(OptimisticLockingException.class);

        assertThat(first.repository.getInFlightCount()).isEqualTo(1);
        assertThat(first.repository.scan(first.context)).isEmpty();
        first.repository.confirm(first.context, winner.getExchangeId());
        assertThat(second.repository.scan(second.context)).isEmpty();
        clock.advance(LEASE.multipliedBy(2));
        assertThat(second.repository.scan(second.context)).isEmpty();
    }

    @Test
    void redeliveriesAreCountedOverAllNodes() {
        first.aggregate("a", "1");
        String id = failed(first.complete("a"));
        AggregationNode node = first;
        for (int delivery = 1; delivery <= 3; delivery++) {
            node = node == first ? second : first;
            clock.advance(LEASE.multipliedBy(2));
            assertThat(node.repository.scan(node.context)).containsExactly(id);
            Exchange recovered = Objects.requireNonNull(node.repository.recover(node.context, id));
            assertThat(recovered.getProperty(DynaStoreAggregationRepository.DELIVERY_COUNT))
                    .isEqualTo(delivery);
            failed(recovered);
        }
    }

    @Test
    void lateConfirmOfTheOldOwnerDoesNotConfirmTheRecovery() {
        first.aggregate("a", "1");
        Exchange late = first.complete("a");
        clock.advance(LEASE.plus(SKEW).plusMillis(1));
        second.repository.scan(second.context);
        Exchange recovered = Objects.requireNonNull(second.repository.recover(second.context, late.getExchangeId()));

        first.repository.confirm(first.context, late.getExchangeId());

        assertThat(first.repository.getLostCount()).isEqualTo(1);
        failed(recovered);
        assertThat(second.repository.scan(second.context)).containsExactly(late.getExchangeId());
    }

    /** The processing of a completed group fails. Returns its id. */
    static String failed(Exchange exchange) {
        exchange.setException(new IllegalStateException("told so"));
        AggregationNode.end(exchange);
        return exchange.getExchangeId();
    }

    private static void aggregateUntilItWorks(AggregationNode node, String body) {
        boolean added = false;
        while (!added) {
            try {
                node.aggregate("a", body);
                added = true;
            } catch (OptimisticLockingException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean completes(AggregationNode node, String key) {
        Exchange exchange = node.repository.get(node.context, key);
        if (exchange == null) {
            return false;
        }
        try {
            node.repository.remove(node.context, key, exchange);
            KEPT.add(exchange);
            return true;
        } catch (OptimisticLockingException e) {
            return false;
        }
    }
}
