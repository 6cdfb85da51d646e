/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.ClaimIndex;
import io.dynastore.store.Due;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.RecordingHttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The view of a work queue that an operator has. */
class DynaStoreQueueTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final RecordingHttpClient HTTP = RecordingHttpClient.overNetty();
    private static final ClaimIndex INDEX = new ClaimIndex("due", 4);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final long now = System.currentTimeMillis();
    private final String table = dynamo.table(
            "jobs",
            TableSpec.partitionKey("id", S)
                    .sortKey("name", S)
                    .globalIndex(
                            INDEX.name(),
                            new KeySpec(QueueAttributes.SHARD, S),
                            new KeySpec(QueueAttributes.FROM, N),
                            ALL));
    private final TableSchema schema = TableSchema.named(table);
    private final FaultPlan plan = FaultPlan.none().only("TransactWriteItems");
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(new FaultyHttpClient(HTTP, plan)).build();
    private final DynaStoreQueue queue = builder().claimIndex(INDEX).build();

    private DynaStoreQueue.Builder builder() {
        return DynaStoreQueue.builder(client, schema, "email").deadPartition("email-dead");
    }

    private static Key key(String name) {
        return Key.of("email", name);
    }

    private void put(String partition, String name, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> item = new HashMap<>(more);
        item.put("id", AttributeValue.fromS(partition));
        item.put("name", AttributeValue.fromS(name));
        item.put("version", number(3));
        item.put("payload", AttributeValue.fromS("v"));
        dynamo.rawPut(table, item);
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private void due(String name) {
        put("email", name, Map.of());
    }

    private void delayed(String name) {
        put("email", name, Map.of("_dsqf", number(now + HOUR)));
    }

    private void inFlight(String name) {
        put(
                "email",
                name,
                Map.of(
                        "_dsqh", AttributeValue.fromS("node/1"),
                        "_dsqu", number(now + HOUR),
                        "_dsqf", number(now + HOUR + 2_001),
                        "_dsqn", number(2)));
    }

    private void marked(String name) {
        put("email", name, Map.of("_dsqd", number(3), "_dsqr", AttributeValue.fromS("rejected"), "_dsqn", number(5)));
    }

    private void dead(String name) {
        put("email-dead", name, Map.of("_dsqr", AttributeValue.fromS("rejected"), "to", AttributeValue.fromS("me")));
    }

    private Map<String, AttributeValue> raw(String partition, String name) {
        return dynamo.rawGet(table, Map.of("id", AttributeValue.fromS(partition), "name", AttributeValue.fromS(name)));
    }

    @Test
    void itemsAreSeenWithTheirStateWithoutBeingClaimed() {
        due("1");
        delayed("2");
        inFlight("3");
        marked("4");
        put("email", "5", Map.of("expires", number(1)));
        put("email", "6", Map.of("_dslock", number(1)));

        List<QueuedItem> items = queue.items(Map.of(), 100).join().items();

        assertThat(items)
                .extracting(QueuedItem::key, QueuedItem::state)
                .contains(
                        tuple(key("1"), QueueState.DUE),
                        tuple(key("2"), QueueState.DELAYED),
                        tuple(key("3"), QueueState.IN_FLIGHT),
                        tuple(key("4"), QueueState.DEAD));
        assertThat(items).extracting(QueuedItem::key).doesNotContain(key("5"));
        assertThat(items.get(2))
                .isEqualTo(new QueuedItem(
                        key("3"), QueueState.IN_FLIGHT, 3, 2, null, "node/1", Instant.ofEpochMilli(now + HOUR), null));
        assertThat(items.get(3).reason()).isEqualTo("rejected");
    }

    @Test
    void pagesAreBoundedAndComplete() {
        for (int number = 10; number < 35; number++) {
            due("" + number);
        }
        List<QueuedItem> all = new ArrayList<>();
        QueuePage page = queue.items(Map.of(), 10).join();
        assertThat(page.items()).hasSize(10);
        while (true) {
            all.addAll(page.items());
            if (page.last()) {
                break;
            }
            page = queue.items(page.place(), 10).join();
        }
        assertThat(all).extracting(item -> item.key().sortKey()).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void countIsBoundedAndSaysSo() {
        due("1");
        due("2");
        delayed("3");
        inFlight("4");
        marked("5");
        dead("6");
        Instant first = Instant.ofEpochMilli(now - HOUR);
        put("email", "7", Map.of("_dsqs", shard("7"), "_dsqf", number(now - HOUR)));

        assertThat(queue.count(100).join()).isEqualTo(new QueueCount(3, 1, 1, 2, first, true));
        assertThat(queue.count(2).join()).isEqualTo(new QueueCount(2, 0, 0, 1, first, false));
    }

    @Test
    void limitOfACountIncludesWhatIsLeftOut() {
        for (int number = 10; number < 30; number++) {
            put("email", "" + number, Map.of("expires", number(1)));
        }
        due("30");

        assertThat(queue.count(5).join()).isEqualTo(new QueueCount(0, 0, 0, 0, null, false));
    }

    @Test
    void oldestDueItemIsNotAnExpiredOne() {
        for (int number = 1; number < 9; number++) {
            put("email", "" + number, entry("" + number, now - 2 * HOUR, Map.of("expires", number(1))));
        }
        put("email", "9", entry("9", now - HOUR, Map.of()));

        assertThat(queue.count(1).join().oldestDue()).isEqualTo(Instant.ofEpochMilli(now - HOUR));
    }

    private Map<String, AttributeValue> entry(String name, long from, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> entry = new HashMap<>(more);
        entry.put("_dsqs", shard(name));
        entry.put("_dsqf", number(from));
        return entry;
    }

    private AttributeValue shard(String name) {
        return INDEX.shard(schema, schema.encode(key(name)));
    }

    @Test
    void deadItemMovesBackToTheQueue() {
        dead("1");

        assertThat(queue.redrive(Key.of("email-dead", "1")).join()).isEqualTo(QueueChange.APPLIED);

        assertThat(raw("email-dead", "1")).isEmpty();
        assertThat(raw("email", "1"))
                .containsEntry("to", AttributeValue.fromS("me"))
                .containsEntry("_dsqs", shard("1"))
                .containsKey("_dsqf")
                .doesNotContainKeys("_dsqr", "_dsqn");
        assertThat(queue.redrive(Key.of("email-dead", "1")).join()).isEqualTo(QueueChange.MISSING);
    }

    @Test
    void deadItemStaysIfTheQueueHasAnotherOne() {
        dead("1");
        due("1");

        assertThat(queue.redrive(Key.of("email-dead", "1")).join()).isEqualTo(QueueChange.OCCUPIED);

        assertThat(raw("email-dead", "1")).isNotEmpty();
    }

    @Test
    void markedItemIsDueAgain() {
        marked("1");

        assertThat(queue.redrive(key("1")).join()).isEqualTo(QueueChange.APPLIED);

        assertThat(raw("email", "1"))
                .containsEntry("version", number(4))
                .containsEntry("_dsqs", shard("1"))
                .containsKey("_dsqf")
                .doesNotContainKeys("_dsqd", "_dsqr", "_dsqn");
        assertThat(queue.redrive(key("1")).join()).isEqualTo(QueueChange.NOT_DEAD);
        assertThat(queue.redrive(key("2")).join()).isEqualTo(QueueChange.MISSING);
    }

    @Test
    void deadItemThatChangesMeanwhileMovesBackAsItIsNow() {
        dead("1");
        AtomicInteger changes = new AtomicInteger(1);
        DynaStoreQueue changing = changing(changes);

        assertThat(changing.redrive(Key.of("email-dead", "1")).join()).isEqualTo(QueueChange.APPLIED);
        assertThat(raw("email", "1")).containsEntry("to", AttributeValue.fromS("you"));

        dead("2");
        changes.set(100);
        assertThatThrownBy(() -> changing.redrive(Key.of("email-dead", "2")).join())
                .hasCauseInstanceOf(DynaStoreException.class)
                .hasMessageContaining("Repeat the call");
        assertThat(changes).hasValue(96);
    }

    /** Another program changes the item after it is read. */
    private DynaStoreQueue changing(AtomicInteger changes) {
        DynamoDbAsyncClient racing = new Forwarding(client) {
            @Override
            public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
                return super.getItem(request).thenApply(response -> {
                    int left = changes.getAndDecrement();
                    if (left > 0) {
                        Map<String, AttributeValue> item = new HashMap<>(response.item());
                        item.put("version", number(1_000 + left));
                        item.put("to", AttributeValue.fromS("you"));
                        dynamo.rawPut(table, item);
                    }
                    return response;
                });
            }
        };
        return DynaStoreQueue.builder(racing, schema, "email")
                .deadPartition("email-dead")
                .build();
    }

    @Test
    void conflictWithItsOwnEarlierAttemptIsReportedAsThat() {
        due("1");
        List<String> tokens = new ArrayList<>();
        DynamoDbAsyncClient conflicting = new Forwarding(client) {
            @Override
            public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
                tokens.add(request.clientRequestToken());
                return super.transactWriteItems(request).thenApply(response -> {
                    if (tokens.size() == 1) {
                        throw TransactionCanceledException.builder()
                                .cancellationReasons(CancellationReason.builder()
                                        .code("TransactionConflict")
                                        .build())
                                .build();
                    }
                    return response;
                });
            }
        };
        DynaStoreQueue seen =
                DynaStoreQueue.builder(conflicting, schema, "email").build();

        assertThat(seen.cancel(key("1")).join()).isEqualTo(QueueChange.APPLIED);

        assertThat(tokens).hasSize(2);
        assertThat(tokens.get(0)).isEqualTo(tokens.get(1));
    }

    @Test
    void itemOfTheDeadPartitionIsNotMadeDue() {
        dead("1");
        Map<String, AttributeValue> before = raw("email-dead", "1");

        assertThat(queue.due(Key.of("email-dead", "1"), Due.after(Duration.ZERO))
                        .join())
                .isEqualTo(QueueChange.DEAD);

        assertThat(raw("email-dead", "1")).isEqualTo(before);
    }

    @Test
    void allDeadItemsAreRedrivenUpToALimit() {
        for (int number = 0; number < 7; number++) {
            dead("" + number);
        }

        assertThat(queue.redriveAll(3).join()).isEqualTo(3);
        assertThat(queue.redriveAll(100).join()).isEqualTo(4);
        assertThat(queue.count(100).join().due()).isEqualTo(7);
    }

    @Test
    void itemIsCancelledUnlessItIsInFlight() {
        due("1");
        delayed("2");
        inFlight("3");
        put("email", "4", Map.of("_dslock", number(1)));

        assertThat(queue.cancel(key("1")).join()).isEqualTo(QueueChange.APPLIED);
        assertThat(queue.cancel(key("2")).join()).isEqualTo(QueueChange.APPLIED);
        assertThat(queue.cancel(key("3")).join()).isEqualTo(QueueChange.IN_FLIGHT);
        assertThat(queue.cancel(key("5")).join()).isEqualTo(QueueChange.MISSING);
        assertThat(dynamo.rawScan(table)).hasSize(2);
    }

    @Test
    void dueTimeIsChangedUnlessTheItemIsInFlightOrDead() {
        due("1");
        inFlight("2");
        marked("3");
        Instant later = Instant.ofEpochMilli(now + HOUR);

        assertThat(queue.due(key("1"), Due.at(later)).join()).isEqualTo(QueueChange.APPLIED);
        assertThat(queue.due(key("2"), Due.at(later)).join()).isEqualTo(QueueChange.IN_FLIGHT);
        assertThat(queue.due(key("3"), Due.at(later)).join()).isEqualTo(QueueChange.DEAD);
        assertThat(queue.due(key("4"), Due.at(later)).join()).isEqualTo(QueueChange.MISSING);

        assertThat(raw("email", "1"))
                .containsEntry("_dsqf", number(now + HOUR))
                .containsEntry("_dsqs", shard("1"))
                .containsEntry("version", number(3));
        queue.due(key("1"), Due.after(Duration.ZERO)).join();
        long from = Long.parseLong(
                Objects.requireNonNull(raw("email", "1").get("_dsqf")).n());
        assertThat(from).isBetween(now, System.currentTimeMillis());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOSE_RESPONSE", "DROP", "ERROR_500_APPLIED", "THROTTLE"})
    void changeThatTheSdkRepeatsIsReportedAsItWas(Fault fault) {
        due("1");
        dead("2");
        marked("3");

        plan.next(fault);
        assertThat(queue.cancel(key("1")).join()).isEqualTo(QueueChange.APPLIED);
        plan.next(fault);
        assertThat(queue.redrive(Key.of("email-dead", "2")).join()).isEqualTo(QueueChange.APPLIED);
        plan.next(fault);
        assertThat(queue.redrive(key("3")).join()).isEqualTo(QueueChange.APPLIED);
        assertThat(raw("email", "3")).containsEntry("version", number(4));
    }

    @Test
    void lostOutcomeIsSaidToBeUnknown() {
        due("1");
        plan.next(Fault.LOSE_RESPONSE, Fault.DROP);
        DynamoDbAsyncClient impatient = dynamo.clientBuilder()
                .httpClient(new FaultyHttpClient(HTTP, plan))
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(2)))
                .build();
        DynaStoreQueue seen = DynaStoreQueue.builder(impatient, schema, "email").build();

        assertThatThrownBy(() -> seen.cancel(key("1")).join()).hasCauseInstanceOf(OutcomeUnknownException.class);

        assertThat(queue.cancel(key("1")).join()).isEqualTo(QueueChange.MISSING);
    }

    @Test
    void badInputIsRefusedWithARemedy() {
        TableSchema single = new TableSchema(table, schema.partitionKey(), null, "version", "expires", "payload");

        assertThatThrownBy(() -> DynaStoreQueue.builder(client, single, "email").build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "sort key");
        assertThatThrownBy(() -> queue.cancel(Key.of("letters", "1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "letters", "partition");
        assertThatThrownBy(() -> queue.due(key("1"), Due.KEEP)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> DynaStoreQueue.builder(client, schema, 7).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(table);
    }

    /** Forwards what a move needs, for tests to step in. */
    private static class Forwarding implements DynamoDbAsyncClient {
        private final DynamoDbAsyncClient next;

        Forwarding(DynamoDbAsyncClient next) {
            this.next = next;
        }

        @Override
        public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
            return next.getItem(request);
        }

        @Override
        public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
            return next.transactWriteItems(request);
        }

        @Override
        public String serviceName() {
            return next.serviceName();
        }

        @Override
        public void close() {
            // The client behind it belongs to the test.
        }
    }
}
