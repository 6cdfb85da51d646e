/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StreamFixture.list;
import static io.dynastore.store.StreamFixture.names;
import static io.dynastore.store.StreamFixture.open;
import static io.dynastore.store.StreamFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.QueryGate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a stream ends before its list does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ItemStreamCloseTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final StreamFixture table = new StreamFixture(dynamo);

    @BeforeAll
    void fill() {
        table.fill("ten", 10, i -> false);
    }

    @Test
    void aClosedStreamAsksForNothingMoreAndSaysThatItIsClosed() {
        QueryGate valve = table.valve();
        ItemStream items = open(table.store(valve), list("ten"));
        items.next();

        items.close();
        items.close();

        assertClosed(items::hasNext);
        assertClosed(items::next);
        assertThat(valve.sent()).isEqualTo(2);
    }

    @Test
    void aStreamThatIsClosedBeforeItsFirstUseHasAskedForOnePage() {
        QueryGate valve = table.valve();
        ItemStream items = open(table.store(valve), list("ten"));

        items.close();

        assertClosed(items::next);
        assertThat(valve.sent()).isEqualTo(1);
    }

    @Test
    void closingAStreamThatHasEndedChangesNothing() {
        ItemStream items = open(table.store(table.valve()), list("ten"));
        rest(items);

        items.close();

        assertThat(items.hasNext()).isFalse();
    }

    @Test
    void closeWakesAThreadThatWaitsForAPage() throws Exception {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        ItemStream items = open(table.store(valve), list("ten"));
        CompletableFuture<Void> woken = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                rest(items);
                woken.complete(null);
            } catch (DynaStoreException e) {
                woken.completeExceptionally(e);
            }
        });
        reader.start();
        Awaitility.await().untilAsserted(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));

        items.close();

        assertThatThrownBy(() -> woken.get(10, TimeUnit.SECONDS))
                .cause()
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContaining("closed");
        second.complete(null);
        assertClosed(items::hasNext);
        assertThat(valve.sent()).isEqualTo(2);
    }

    @Test
    void aLateResponseIsDroppedAndTheItemsItNamesAreNotFetched() {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        ItemStream items =
                open(table.store(valve), list("ten").index("by-rank-keys").fetch(true));
        items.next();
        assertThat(valve.batchGets()).isEqualTo(1);
        Awaitility.await()
                .untilAsserted(() -> assertThat(second.getNumberOfDependents()).isEqualTo(1));

        items.close();
        second.complete(null);

        Awaitility.await()
                .untilAsserted(() -> assertThat(second.getNumberOfDependents()).isZero());
        assertThat(valve.batchGets()).isEqualTo(1);
        assertThat(valve.sent()).isEqualTo(2);
    }

    @RepeatedTest(50)
    void closeAtAnyMomentEndsTheReadingAndNoRequestFollowsIt(RepetitionInfo run) throws Exception {
        QueryGate valve = table.valve();
        ItemStream items = open(table.store(valve), list("ten"));
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        int turns = run.getCurrentRepetition() * 200;
        Thread closer = new Thread(() -> {
            for (int i = 0; i < turns; i++) {
                Thread.onSpinWait();
            }
            items.close();
            closed.complete(valve.sent());
        });
        closer.start();

        try {
            assertThat(rest(items)).isEqualTo(names(0, 10));
        } catch (DynaStoreException e) {
            assertThat(e).hasMessageContaining("closed");
        }

        assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(valve.sent());
    }

    private void assertClosed(ThrowingCallable use) {
        assertThatThrownBy(use)
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.table, "ten", "closed", "exchange");
    }
}
