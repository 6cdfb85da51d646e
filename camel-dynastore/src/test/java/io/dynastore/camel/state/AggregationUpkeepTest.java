/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static io.dynastore.camel.state.AggregationNode.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node does by itself, on its own timers. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregationUpkeepTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final SettableClock clock = StateTests.clock();
    private final String table = dynamo.table("aggregation");
    private final AggregationNode node = new AggregationNode(dynamo, table, clock);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void leasesAreRenewedWhileTheSearchForOverdueGroupsWaits() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Void> end = new CompletableFuture<>();
        node.repository.setAdoptTimeouts(true);
        node.repository.setAdoptInterval(Duration.ofMillis(200));
        node.repository.setTime(
                clockThat(() -> {
                    if (isSearching()) {
                        waiting.countDown();
                        end.join();
                    }
                }),
                () -> clock.millis() * 1_000_000);
        node.started();
        try {
            node.aggregate("a", "1");
            Exchange exchange = node.complete("a");
            waiting.await();
            long before = leaseEnd();

            clock.advance(LEASE.dividedBy(2));
            StateTests.await().until(() -> leaseEnd() > before);
            assertThat(node.repository.confirmWithResult(node.context, exchange.getExchangeId()))
                    .isTrue();
        } finally {
            end.complete(null);
        }
    }

    private static boolean isSearching() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(OverdueGroups.class.getName())));
    }

    /** The clock of the test, which does something first. */
    private Clock clockThat(Runnable first) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                first.run();
                return clock.instant();
            }
        };
    }

    /** The end of the lease of the only completed group. */
    private long leaseEnd() {
        return dynamo.client().scan(scan -> scan.tableName(table)).join().items().stream()
                .filter(item -> item.containsKey(AggregationWrites.DELIVERIES))
                .mapToLong(item -> GroupVersion.number(item.get(AggregationWrites.UNTIL)))
                .sum();
    }

    @Test
    void errorInOneRoundEndsNoRenewal() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        CountDownLatch failed = new CountDownLatch(1);
        node.repository.setInFlightTtl(Duration.ofSeconds(6));
        node.repository.setTime(clock, () -> {
            if (fails.getAndSet(false)) {
                failed.countDown();
                throw new StackOverflowError("told so");
            }
            return clock.millis() * 1_000_000;
        });
        node.started();
        node.aggregate("a", "1");
        Exchange exchange = node.complete("a");
        fails.set(true);
        failed.await();
        node.requests();

        clock.advance(Duration.ofSeconds(3));
        StateTests.await().until(() -> node.requests().contains("UpdateItem"));
        assertThat(exchange.getExchangeId()).isNotNull();
    }

    @Test
    void deadLetterEndpointThatIsMissingIsTriedAgain() throws Exception {
        node.repository.setMaximumRedeliveries(1);
        node.repository.setDeadLetterUri("nosuch:endpoint");
        node.started();
        node.aggregate("a", "1");
        String id = AggregationNodesContract.failed(node.complete("a"));
        AggregationNodesContract.failed(Objects.requireNonNull(node.repository.recover(node.context, id)));

        assertThat(node.repository.recover(node.context, id)).isNull();

        assertThat(node.repository.getInFlightCount()).isZero();
        assertThat(node.repository.scan(node.context)).containsExactly(id);
    }

    @Test
    void countingGroupsChangesNothingForTheThread() throws Exception {
        node.started();
        node.aggregate("a", "1");

        assertThat(node.repository.countGroups()).isEqualTo(1);
        node.http.cut();

        assertThatThrownBy(() -> node.repository.get(node.context, "a")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void errorOfAMessageAfterAnInterruptedRoundIsReported() throws Exception {
        node.started();
        node.aggregate("a", "1");
        node.aggregate("b", "1");
        String last = node.repository.getKeys().stream().toList().get(1);
        // Not the first of the list: the thread does something else now.
        node.repository.get(node.context, "other");
        node.repository.get(node.context, "other");
        node.http.cut();

        assertThatThrownBy(() -> node.repository.get(node.context, last)).isInstanceOf(RuntimeException.class);
    }
}
