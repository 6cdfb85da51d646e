/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Operation;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.StoreFixture;
import io.dynastore.store.TableSchema;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.Write;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Metrics after calls on a real engine. */
class StoreMetricsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static String table = "";

    private final List<String> firsts = new CopyOnWriteArrayList<>();
    private final StoreMetrics metrics = new StoreMetrics(
            Stream.of(Operation.values()).map(Operation::text).toList(),
            (operation, status, counted) -> firsts.add(operation + " " + status.text()));
    private final DynaStore store = DynaStore.builder(dynamo.client(), TableSchema.named(table))
            .metrics(metrics)
            .build();
    private final String partition = UUID.randomUUID().toString();
    private final Key key = Key.of(partition, "1");

    @BeforeAll
    static void makeTable() {
        table = dynamo.table("metrics", TableSpec.partitionKey("id", S).sortKey("name", S));
    }

    /** The number of calls by status, without zeros. */
    private static Map<String, Long> statuses(OperationMetrics metrics) {
        return Stream.of(CallStatus.values())
                .filter(status -> metrics.calls(status) > 0)
                .collect(Collectors.toMap(CallStatus::text, metrics::calls));
    }

    private void fails(Call.Builder<?> call, Class<? extends Throwable> error) {
        assertThatThrownBy(() -> StoreFixture.run(store, call)).isInstanceOf(error);
    }

    @Test
    void countsConflictsExistingKeysAndMissingKeysApart() {
        StoreFixture.run(store, Call.create(key, "a"));
        fails(Call.create(key, "b"), KeyExistsException.class);
        fails(Call.update(key, "b").expectedVersion(7L), VersionConflictException.class);
        fails(Call.update(key, "b").expectedVersion(8L), VersionConflictException.class);
        fails(Call.update(Key.of(partition, "2"), "b"), KeyNotFoundException.class);
        StoreFixture.run(store, Call.update(key, "b"));

        assertThat(statuses(metrics.of(Operation.CREATE))).isEqualTo(Map.of("ok", 1L, "keyExists", 1L));
        assertThat(statuses(metrics.of(Operation.UPDATE)))
                .isEqualTo(Map.of("ok", 1L, "versionConflict", 2L, "keyNotFound", 1L));
        assertThat(metrics.of(Operation.UPDATE).calls()).isEqualTo(4);
        assertThat(metrics.of(Operation.GET).calls()).isZero();
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void countsFailedTransactionsInvalidInputAndErrorsOfTheService() {
        StoreFixture.run(store, Call.create(key, "a"));
        fails(Call.transact(List.of(Write.create(key, "again"))), TransactionFailedException.class);
        fails(Call.list(partition).nextToken("nonsense"), InvalidTokenException.class);
        fails(Call.create(Key.of(partition), "no sort key"), InvalidInputException.class);
        DynaStore missing = DynaStore.builder(dynamo.client(), TableSchema.named("no-such-table"))
                .metrics(metrics)
                .build();
        assertThatThrownBy(() -> StoreFixture.run(missing, Call.get(key)))
                .isInstanceOf(ResourceNotFoundException.class);

        assertThat(statuses(metrics.of(Operation.TRANSACT))).isEqualTo(Map.of("transactionFailed", 1L));
        assertThat(statuses(metrics.of(Operation.LIST))).isEqualTo(Map.of("invalidInput", 1L));
        assertThat(statuses(metrics.of(Operation.CREATE))).isEqualTo(Map.of("ok", 1L, "invalidInput", 1L));
        assertThat(statuses(metrics.of(Operation.GET))).isEqualTo(Map.of("error", 1L));
    }

    @Test
    void countsUnknownOutcomes() {
        FaultPlan plan = FaultPlan.none();
        FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
        try (DynamoDbAsyncClient client =
                dynamo.clientBuilder().httpClient(http).build()) {
            DynaStore unlucky = DynaStore.builder(client, TableSchema.named(table))
                    .metrics(metrics)
                    .build();
            IntStream.range(0, 10).forEach(attempt -> plan.next(Fault.LOSE_RESPONSE));

            assertThatThrownBy(() -> StoreFixture.run(unlucky, Call.create(key, "a")))
                    .isInstanceOf(OutcomeUnknownException.class);
        }

        assertThat(statuses(metrics.of(Operation.CREATE))).isEqualTo(Map.of("outcomeUnknown", 1L));
    }

    @Test
    void capacityIncludesTheLaterPagesOfAStream() throws Exception {
        String large = "x".repeat(300_000);
        for (int i = 0; i < 8; i++) {
            StoreFixture.run(store, Call.create(Key.of(partition, "" + i), large));
        }
        Outcome.Streamed streamed =
                store.execute(Call.stream(Call.list(partition).build())).join();
        double first = metrics.of(Operation.LIST).consumedCapacity();
        List<Item> items = new ArrayList<>();
        try (ItemStream all = streamed.items()) {
            all.forEachRemaining(items::add);
        }

        assertThat(items).hasSize(8);
        assertThat(metrics.of(Operation.CREATE).consumedCapacity()).isEqualTo(8 * 293.0, withinTenth(8 * 293));
        assertThat(first).isEqualTo(streamed.consumedCapacity()).isPositive();
        assertThat(metrics.of(Operation.LIST).consumedCapacity()).isEqualTo(8 * 36.7, withinTenth(8 * 36.7));
    }

    private static org.assertj.core.data.Offset<Double> withinTenth(double value) {
        return org.assertj.core.data.Offset.offset(value / 10);
    }

    @Test
    void latencyIsMeasuredFromTheStartToTheResponse() {
        StoreFixture.run(store, Call.create(key, "a"));
        long before = System.nanoTime();
        StoreFixture.run(store, Call.get(key));
        Duration most = Duration.ofNanos(System.nanoTime() - before);

        LatencySnapshot latency = metrics.of(Operation.GET).latency();

        assertThat(latency.calls()).isEqualTo(1);
        assertThat(latency.total()).isPositive().isLessThanOrEqualTo(most);
        assertThat(latency.max()).isEqualTo(latency.total());
        assertThat(latency.p99()).isPositive().isLessThanOrEqualTo(latency.max());
    }

    @Test
    void listenerThatFailsDoesNotFailTheCall() {
        StoreMetrics failing = new StoreMetrics(List.of("get"), (operation, status, counted) -> {
            throw new AssertionError("listener fails");
        });

        failing.of("get").ended(System.nanoTime(), null);

        assertThat(failing.of("get").calls()).isEqualTo(1);
    }

    @Test
    void durationsAreRecordedElsewhereToo() {
        List<Long> recorded = new ArrayList<>();
        StoreMetrics timed = new StoreMetrics(
                List.of("get"), (operation, status, counted) -> counted.recordDurations(recorded::add));

        timed.of("get").ended(System.nanoTime() - 1_000, null);
        timed.of("get").ended(System.nanoTime() - 1_000, null);

        assertThat(recorded).hasSize(2).allMatch(nanos -> nanos >= 1_000);
    }

    @Test
    void notifiesOfTheFirstCallOfEachStatus() {
        StoreFixture.run(store, Call.create(key, "a"));
        fails(Call.create(key, "b"), KeyExistsException.class);
        fails(Call.create(key, "b"), KeyExistsException.class);
        StoreFixture.run(store, Call.get(key));
        StoreFixture.run(store, Call.get(key));

        assertThat(firsts).containsExactly("create ok", "create keyExists", "get ok");
    }

    @Test
    void storeHasMetricsOfItsOwnUnlessTheyAreGiven() {
        DynaStore own =
                DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();

        StoreFixture.run(own, Call.create(key, "a"));

        assertThat(own.metrics().of(Operation.CREATE).calls()).isEqualTo(1);
        assertThat(metrics.of(Operation.CREATE).calls()).isZero();
        assertThat(store.metrics()).isSameAs(metrics);
    }
}
