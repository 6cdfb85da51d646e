/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.testkit.Fault.DROP;
import static io.dynastore.testkit.Fault.LOSE_RESPONSE;
import static io.dynastore.testkit.Fault.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.internal.item.ForwardingClient;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The result of a write that replaces all attributes of a flat item, and whose response was lost. */
class LostReplacementOfFlatItemTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static TableSchema schema = TableSchema.named("-");

    private final Key key = Key.of("lost", UUID.randomUUID().toString());
    private final FaultPlan plan = FaultPlan.none().only("UpdateItem", "PutItem", "TransactWriteItems");
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final DynaStore store = DynaStore.builder(client, schema).build();
    private final DynaStore others = DynaStore.builder(dynamo.client(), schema).build();

    @BeforeAll
    static void makeTable() {
        schema = TableSchema.named(
                        dynamo.table("lost", TableSpec.partitionKey("id", S).sortKey("name", S)))
                .withFlatItems(true);
    }

    @BeforeEach
    void prepare() {
        StoreFixture.run(others, Call.create(key, Map.of("a", 1, "b", 2)));
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    void updateThatWasAppliedIsASuccessWithItsOwnVersion() {
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersMerge(1));

        assertThat(mine(WriteCall.Kind.UPDATE).version()).isEqualTo(2);
        assertThat(stored()).isEqualTo(Map.of("mine", 1L, "other", 0L));
    }

    @Test
    void putThatWasLostOnItsWayIsAppliedToTheItemAsItIsThen() {
        plan.next(DROP);
        http.between(() -> othersMerge(1));

        assertThat(mine(WriteCall.Kind.PUT).version()).isEqualTo(3);
        assertThat(stored()).isEqualTo(Map.of("mine", 1L));
    }

    @Test
    void newItemIsCreatedOnce() {
        StoreFixture.run(others, Call.delete(key));
        plan.next(LOSE_RESPONSE);

        assertThat(mine(WriteCall.Kind.PUT).version()).isEqualTo(1);
    }

    @Test
    void writeThatMayHaveBeenPushedOutIsUnknown() {
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersMerge(3));

        assertThatThrownBy(() -> mine(WriteCall.Kind.PUT)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void repetitionOfAnUnknownWriteRecognisesItself() {
        plan.next(IntStream.range(0, 20).mapToObj(i -> LOSE_RESPONSE).toArray(Fault[]::new));
        OutcomeUnknownException unknown = null;
        try {
            mine(WriteCall.Kind.UPDATE);
        } catch (OutcomeUnknownException e) {
            unknown = e;
        }
        assertThat(unknown).isNotNull();
        othersMerge(1);

        Outcome.Written again = StoreFixture.run(
                others,
                Call.update(key, Map.of("mine", 1))
                        .idempotencyToken(unknown == null ? null : unknown.idempotencyToken()));

        assertThat(again.version()).isEqualTo(2);
        assertThat(stored()).isEqualTo(Map.of("mine", 1L, "other", 0L));
    }

    @Test
    void transactionIsAppliedOnce() {
        plan.next(NONE);
        plan.next(LOSE_RESPONSE);

        mine(WriteCall.Kind.PUT);
        StoreFixture.run(store, Call.update(key, Map.of("last", 1)).exactlyOnce(true));

        assertThat(stored()).isEqualTo(Map.of("last", 1L));
        assertThat(StoreFixture.run(others, Call.exists(key)).version()).isEqualTo(3);
    }

    @Test
    void repetitionThatExpectsAVersionIsUnknownOnceItsWriteIdMayHaveBeenPushedOut() {
        WriteCall.Builder call = Call.update(key, Map.of("mine", 1)).expectedVersion(1L);

        repeatedAfter(3, call);

        assertThat(StoreFixture.run(others, Call.exists(key)).version()).isEqualTo(5);
    }

    @Test
    void repetitionThatAddsIsUnknownOnceItsWriteIdMayHaveBeenPushedOut() {
        WriteCall.Builder call = Call.put(key, Map.of("mine", 1)).increments(Map.of("n", 1));

        repeatedAfter(3, call);

        assertThat(stored()).isEqualTo(Map.of("mine", 1L, "n", 1L, "other", 2L));
    }

    /** A write whose response is lost, writes of others, and the repetition of the first. */
    private void repeatedAfter(int merges, WriteCall.Builder call) {
        FaultPlan faults = FaultPlan.none();
        FaultyHttpClient network = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), faults);
        try (network;
                DynamoDbAsyncClient hasty = TransactFixture.over(dynamo, network, 1)) {
            faults.next(NONE, LOSE_RESPONSE);
            IdempotencyToken token =
                    unknown(DynaStore.builder(hasty, schema).build(), call).idempotencyToken();
            othersMerge(merges);

            assertThat(unknown(others, call.idempotencyToken(token)).idempotencyToken())
                    .isSameAs(token);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void repetitionThatCannotReadTheItemStaysUnknownAndKeepsItsToken(boolean exactlyOnce) {
        WriteCall.Builder call =
                Call.update(key, Map.of("mine", 1)).expectedVersion(1L).exactlyOnce(exactlyOnce);
        FaultPlan faults = FaultPlan.none();
        FaultyHttpClient network = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), faults);
        try (network;
                DynamoDbAsyncClient hasty = TransactFixture.over(dynamo, network, 1)) {
            DynaStore broken = DynaStore.builder(hasty, schema).build();
            faults.next(NONE, LOSE_RESPONSE);
            IdempotencyToken token = unknown(broken, call).idempotencyToken();
            faults.next(DROP);

            OutcomeUnknownException again = unknown(broken, call.idempotencyToken(token));

            assertThat(again.idempotencyToken()).isSameAs(token);
            assertThat(StoreFixture.run(broken, call).version()).isEqualTo(2);
            assertThat(stored()).isEqualTo(Map.of("mine", 1L));
        }
    }

    private static OutcomeUnknownException unknown(DynaStore store, WriteCall.Builder call) {
        return Objects.requireNonNull(
                catchThrowableOfType(OutcomeUnknownException.class, () -> StoreFixture.run(store, call)));
    }

    @ParameterizedTest
    @CsvSource({"2,0,4", "5,3,7"})
    void replacementThatOthersOvertakeIsRepeatedAfterPauses(int others, int pausesWanted, long version) {
        List<Duration> pauses = new ArrayList<>();

        assertThat(StoreFixture.run(overtaken(others, pauses), Call.put(key, Map.of("mine", 1)))
                        .version())
                .isEqualTo(version);
        assertThat(pauses).hasSize(pausesWanted);
        assertThat(stored()).isEqualTo(Map.of("mine", 1L));
    }

    @Test
    void replacementThatOthersOvertakeAlwaysFailsAndSaysSo() {
        assertThatThrownBy(() -> StoreFixture.run(
                        overtaken(Integer.MAX_VALUE, new ArrayList<>()), Call.put(key, Map.of("mine", 1))))
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(schema.table(), key.toString(), "other writers", "payloadMode=flatMerge");
        assertThat(stored()).isEqualTo(Map.of("a", 1L, "b", 2L, "other", 0L));
    }

    /** A store whose first updates of items others come before. */
    private DynaStore overtaken(int times, List<Duration> pauses) {
        AtomicInteger left = new AtomicInteger(times);
        DynamoDbAsyncClient client = new ForwardingClient(dynamo.client()) {
            @Override
            protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                    Q request, Function<Q, CompletableFuture<A>> call) {
                if (request instanceof UpdateItemRequest && left.getAndDecrement() > 0) {
                    othersMerge(1);
                }
                return call.apply(request);
            }

            @Override
            public void close() {}
        };
        return DynaStore.builder(client, schema)
                .pause(time -> {
                    pauses.add(time);
                    return CompletableFuture.completedFuture(null);
                })
                .build();
    }

    private Outcome.Written mine(WriteCall.Kind kind) {
        return StoreFixture.run(store, WriteCall.builder(kind).key(key).value(Map.of("mine", 1)));
    }

    private void othersMerge(int times) {
        IntStream.range(0, times)
                .forEach(i -> StoreFixture.run(
                        others, Call.update(key, Map.of("other", i)).payloadMode(PayloadMode.MERGE)));
    }

    private Object stored() {
        Item item = StoreFixture.run(others, Call.get(key).consistentRead(true)).item();
        return item == null || item.payload() == null ? Map.of() : item.payload();
    }
}
