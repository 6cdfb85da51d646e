/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StreamFixture.list;
import static io.dynastore.store.StreamFixture.name;
import static io.dynastore.store.StreamFixture.names;
import static io.dynastore.store.StreamFixture.open;
import static io.dynastore.store.StreamFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.QueryGate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** When a stream asks for its pages, and what becomes of one that fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ItemStreamReadAheadTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final StreamFixture table = new StreamFixture(dynamo);

    @BeforeAll
    void fill() {
        table.fill("ten", 10, i -> false);
    }

    @Test
    void theNextPageIsRequestedWhenTheIterationComesToTheOneBeforeAndNoneBehindIt() {
        QueryGate valve = table.valve();
        ItemStream items = open(table.store(valve), list("ten"));
        assertThat(valve.sent()).as("before the first use").isEqualTo(1);

        for (int i = 0; i < 10; i++) {
            assertThat(items.hasNext()).isTrue();
            assertThat(items.next().key().sortKey()).isEqualTo(name(i));
            int page = i / StreamFixture.ROWS + 1;
            assertThat(valve.sent()).as("at item " + i).isEqualTo(Math.min(4, page + 1));
        }
        assertThat(items.hasNext()).isFalse();
        assertThat(valve.sent()).isEqualTo(4);
    }

    @Test
    void thePageThatIsThereIsReadWithoutWaitingForTheNextOne() {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        ItemStream items = open(table.store(valve), list("ten"));

        assertThat(List.of(items.next(), items.next(), items.next())).hasSize(3);

        second.complete(null);
        assertThat(rest(items)).isEqualTo(names(3, 10));
    }

    @Test
    void onlyTheIteratingThreadWaitsForAPage() throws Exception {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        DynaStore store = table.store(valve);
        ItemStream items = open(store, list("ten"));

        CompletableFuture<List<String>> reading = new CompletableFuture<>();
        Thread reader = new Thread(() -> reading.complete(rest(items)));
        reader.start();
        Awaitility.await().untilAsserted(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));

        assertThat(rest(open(store, list("ten")))).as("another stream").isEqualTo(names(0, 10));
        assertThat(reading).isNotDone();
        second.complete(null);
        assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo(names(0, 10));
    }

    @Test
    void theErrorOfAPageComesAfterTheItemsBeforeItAndAsItIs() {
        QueryGate valve = table.valve();
        RuntimeException throttled =
                ProvisionedThroughputExceededException.builder().message("slow").build();
        valve.fail(3, throttled);
        ItemStream items = open(table.store(valve), list("ten"));

        for (int i = 0; i < 6; i++) {
            assertThat(items.next().key().sortKey()).isEqualTo(name(i));
        }
        assertThatThrownBy(items::hasNext).isSameAs(throttled);
        assertThatThrownBy(items::next).isSameAs(throttled);
        assertThatThrownBy(items::hasNext).isSameAs(throttled);
        assertThat(valve.sent()).isEqualTo(3);
    }

    @Test
    void anUnreadableItemIsNamedWhenItIsItsTurnAndEndsTheStream() {
        table.fill("broken", 5, i -> false);
        dynamo.rawPut(
                table.table,
                Map.of(
                        "id", AttributeValue.fromS("broken"),
                        "name", AttributeValue.fromS("04x"),
                        "version", AttributeValue.fromS("one")));
        ItemStream items = open(table.store(table.valve()), list("broken"));

        for (int i = 0; i < 5; i++) {
            assertThat(items.next().key().sortKey()).isEqualTo(name(i));
        }
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(items::next)
                    .isExactlyInstanceOf(UnreadableItemException.class)
                    .hasMessageContainingAll(table.table, "broken", "04x", "version");
        }
    }

    @Test
    void anUnreadableItemOfTheFirstPageFailsTheOperation() {
        dynamo.rawPut(
                table.table,
                Map.of(
                        "id", AttributeValue.fromS("broken-first"),
                        "name", AttributeValue.fromS("00"),
                        "version", AttributeValue.fromS("one")));

        assertThatThrownBy(() -> open(table.store(table.valve()), list("broken-first")))
                .isExactlyInstanceOf(UnreadableItemException.class)
                .hasMessageContainingAll(table.table, "broken-first", "00", "version");
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws Exception {
        QueryGate valve = table.valve();
        CompletableFuture<Void> never = valve.hold(2);
        ItemStream items = open(table.store(valve), list("ten"));
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            assertThatThrownBy(() -> rest(items))
                    .isExactlyInstanceOf(DynaStoreException.class)
                    .hasMessageContainingAll(table.table, "interrupted");
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        reader.start();
        Awaitility.await().untilAsserted(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));
        reader.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(never).isNotDone();
    }

    @Test
    void theResponseThatAReaderNoLongerWaitsForIsThereWhenItComesBackAndNothingRunsOn() throws Exception {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        ItemStream items = open(table.store(valve), list("ten"));
        Thread reader = new Thread(() -> assertThatThrownBy(() -> rest(items)).hasMessageContaining("interrupted"));
        reader.start();
        Awaitility.await().untilAsserted(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));
        reader.interrupt();
        reader.join();

        second.complete(null);

        // One page that is there, and one ahead.
        Awaitility.await().untilAsserted(() -> assertThat(valve.responded()).isEqualTo(3));
        assertThat(valve.sent()).isEqualTo(3);
        assertThat(rest(items)).isEqualTo(names(3, 10));
    }

    @Test
    void aReaderThatWaitsAgainAfterAnInterruptGetsEachPageOnce() throws Exception {
        QueryGate valve = table.valve();
        CompletableFuture<Void> second = valve.hold(2);
        ItemStream items = open(table.store(valve), list("ten"));
        Thread interrupted =
                new Thread(() -> assertThatThrownBy(() -> rest(items)).hasMessageContaining("interrupted"));
        interrupted.start();
        Awaitility.await()
                .untilAsserted(() -> assertThat(interrupted.getState()).isEqualTo(Thread.State.WAITING));
        interrupted.interrupt();
        interrupted.join();
        CompletableFuture<List<String>> reading = new CompletableFuture<>();
        Thread reader = new Thread(() -> reading.complete(rest(items)));
        reader.start();
        Awaitility.await().untilAsserted(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));

        second.complete(null);

        assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo(names(3, 10));
        assertThat(valve.sent()).isEqualTo(4);
    }

    @Test
    void aPageIsBoundedByRowsWhichAreFewerIfEachStandsForAnItem() {
        QueryGate valve = table.valve();
        DynaStore store = table.store(valve);

        open(store, list("ten"));
        open(store, list("ten").limit(5000));
        open(store, list("ten").index("by-rank-keys").fetch(true));
        store.execute(StreamFixture.list("ten").build()).join();

        assertThat(valve.queries()).extracting(query -> query.limit()).containsExactly(1000, 1000, 100, null);
    }
}
