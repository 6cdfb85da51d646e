/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.testkit.Fault.DROP;
import static io.dynastore.testkit.Fault.LOSE_RESPONSE;
import static io.dynastore.testkit.Fault.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.internal.item.ForwardingClient;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The result of an increment whose response was lost. It is never added twice. */
class LostIncrementTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static String table = "";

    private final Key key = Key.of("lost", UUID.randomUUID().toString());
    private final FaultPlan plan = FaultPlan.none();
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final DynaStore store =
            DynaStore.builder(client, TableSchema.named(table)).build();
    private final DynaStore others =
            DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();

    @BeforeAll
    static void makeTable() {
        table = dynamo.table("lost", TableSpec.partitionKey("id", S).sortKey("name", S));
    }

    @BeforeEach
    void prepare() {
        others.execute(Call.create(key, "p").build()).join();
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    void incrementThatWasAppliedIsASuccessWithItsValue() {
        plan.next(LOSE_RESPONSE);

        Outcome.Written written = add(store, null);

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.increments()).isEqualTo(Map.of("n", 1L));
        assertThat(sum()).isEqualTo(1);
    }

    @Test
    void valueIsUnknownIfOthersHaveAddedSince() {
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersAdd(2));

        Outcome.Written written = add(store, null);

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.increments()).isNull();
        assertThat(sum()).isEqualTo(3);
    }

    @Test
    void incrementThatMayHaveBeenPushedOutIsUnknownAndNotAddedAgain() {
        othersAdd(5);
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersAdd(3));

        OutcomeUnknownException unknown = unknown();

        assertThat(unknown).hasMessageContainingAll(table, key.toString());
        assertThat(sum()).isEqualTo(9);
        assertThatThrownBy(() -> add(store, unknown.idempotencyToken())).isInstanceOf(OutcomeUnknownException.class);
        assertThat(sum()).isEqualTo(9);
    }

    @Test
    void incrementThatWasLostOnItsWayIsSentAgain() {
        plan.next(DROP);
        assertThat(add(store, null).increments()).isEqualTo(Map.of("n", 1L));
        othersAdd(5);
        add(store, null);
        plan.next(DROP);
        http.between(() -> othersAdd(1));

        assertThat(add(store, null).increments()).isEqualTo(Map.of("n", 9L));
        assertThat(sum()).isEqualTo(9);
    }

    @Test
    void repetitionOfAnUnknownIncrementRecognisesItself() {
        plan.next(IntStream.range(0, 40).mapToObj(i -> LOSE_RESPONSE).toArray(Fault[]::new));
        OutcomeUnknownException unknown = unknown();
        plan.next();

        assertThat(add(others, unknown.idempotencyToken()).version()).isEqualTo(2);
        assertThat(sum()).isEqualTo(1);
    }

    @Test
    void newCounterIsCreatedOnceThoughTheResponseIsLost() {
        others.execute(Call.delete(key).build()).join();
        plan.next(DROP, NONE, LOSE_RESPONSE);

        store.execute(keep(WriteCall.Kind.PUT).build()).join();

        assertThat(sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteCall.Kind.class,
            names = {"UPDATE", "PUT"})
    void requestThatArrivesLateAndIsPushedOutIsNotAddedTwice(WriteCall.Kind kind) {
        DynaStore late =
                DynaStore.builder(new LateClient(), TableSchema.named(table)).build();

        assertThatThrownBy(() -> StoreFixture.run(late, keep(kind))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(sum()).isEqualTo(5);
    }

    /** Its first update arrives when the second is sent, between updates of others. */
    private final class LateClient extends ForwardingClient {

        private final AtomicInteger updates = new AtomicInteger();
        private volatile Runnable first = () -> {};

        LateClient() {
            super(dynamo.client());
        }

        @Override
        protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                Q request, Function<Q, CompletableFuture<A>> call) {
            int number = request instanceof UpdateItemRequest ? updates.incrementAndGet() : 0;
            if (number == 1) {
                first = () -> call.apply(request).join();
                return CompletableFuture.failedFuture(SdkClientException.create("lost", new IOException()));
            }
            if (number == 2) {
                othersAdd(1);
                first.run();
                othersAdd(3);
            }
            return call.apply(request);
        }

        @Override
        public void close() {}
    }

    @Test
    void whatManyWritersAddUnderFaultsIsTheSumOfWhatWasAcknowledged() {
        long seed = TestSeed.value();
        Random random = TestSeed.random();
        plan.next(IntStream.range(0, 120)
                .mapToObj(i -> random.nextInt(4) == 0 ? (random.nextBoolean() ? LOSE_RESPONSE : DROP) : NONE)
                .toArray(Fault[]::new));
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(store.execute(keep(WriteCall.Kind.UPDATE).build()));
        }
        int added = 0;
        int open = 0;
        for (CompletableFuture<?> one : all) {
            try {
                one.join();
                added++;
            } catch (CompletionException e) {
                assertThat(e.getCause()).isInstanceOf(OutcomeUnknownException.class);
                open++;
            }
        }
        assertThat(sum()).as("seed %d, %d unknown", seed, open).isBetween((long) added, (long) added + open);
        assertThat(added).as("seed %d", seed).isPositive();
    }

    private OutcomeUnknownException unknown() {
        try {
            add(store, null);
            throw new AssertionError("the response came");
        } catch (OutcomeUnknownException unknown) {
            return unknown;
        }
    }

    private WriteCall.Builder keep(WriteCall.Kind kind) {
        return WriteCall.builder(kind)
                .key(key)
                .payloadMode(PayloadMode.KEEP)
                .increments(Map.of("n", 1))
                .returnIncrements(true);
    }

    private Outcome.Written add(DynaStore on, @Nullable IdempotencyToken token) {
        return StoreFixture.run(on, keep(WriteCall.Kind.UPDATE).idempotencyToken(token));
    }

    private void othersAdd(int times) {
        IntStream.range(0, times).forEach(i -> add(others, null));
    }

    private long sum() {
        AttributeValue n = dynamo.rawGet(
                        table,
                        Map.of(
                                "id", AttributeValue.fromS(key.partitionKey().toString()),
                                "name", AttributeValue.fromS(String.valueOf(key.sortKey()))))
                .get("n");
        return n == null ? 0 : Long.parseLong(n.n());
    }
}
