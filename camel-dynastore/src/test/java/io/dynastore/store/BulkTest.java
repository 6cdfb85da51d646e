/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.store.internal.item.ForwardingClient;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.RecordingHttpClient;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Any number of writes side by side. */
@Timeout(60)
class BulkTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final List<DynamoDbAsyncClient> clients = new ArrayList<>();
    private final Queue<Duration> pauses = new ConcurrentLinkedQueue<>();
    private final TableSchema schema = TableSchema.named(dynamo.table("bulk"));
    private final DynaStore store = store(dynamo.client());

    private DynaStore store(DynamoDbAsyncClient client) {
        return DynaStore.builder(client, schema)
                .pause(time -> {
                    pauses.add(time);
                    return CompletableFuture.completedFuture(null);
                })
                .build();
    }

    /** A client with faults, which makes this many attempts. */
    private DynamoDbAsyncClient faulty(FaultPlan faults, int attempts) {
        DynamoDbAsyncClient client = dynamo.clientBuilder()
                .httpClient(new FaultyHttpClient(RecordingHttpClient.overNetty(), faults))
                .overrideConfiguration(override -> override.retryStrategy(StandardRetryStrategy.builder()
                        .maxAttempts(attempts)
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                        .circuitBreakerEnabled(false)
                        .build()))
                .build();
        clients.add(client);
        return client;
    }

    @AfterEach
    void close() {
        clients.forEach(DynamoDbAsyncClient::close);
    }

    private static Key key(int number) {
        return Key.of("p", "%05d".formatted(number));
    }

    private static Iterator<Write> creates(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Write.create(key(number), "v" + number))
                .iterator();
    }

    private static BulkOutcomes run(DynaStore store, BulkCall.Builder call) {
        return StoreFixture.run(store, call).outcomes();
    }

    private List<Item> items() {
        return StoreFixture.run(store, Call.list("p").consistentRead(true)).items();
    }

    @Test
    void eachEntryIsWrittenUnderItsOwnCondition() {
        run(store, Call.createAll(creates(3, 5)));

        BulkOutcomes outcomes = run(store, Call.createAll(creates(0, 200)));

        assertThat(outcomes.taken()).isEqualTo(200);
        assertThat(outcomes.written()).isEqualTo(198);
        assertThat(outcomes.complete()).isTrue();
        assertThat(outcomes.failures()).extracting(BulkOutcomes.Failure::index).containsExactly(3L, 4L);
        assertThat(outcomes.failures()).extracting(BulkOutcomes.Failure::key).containsExactly(key(3), key(4));
        assertThat(outcomes.failures())
                .allSatisfy(failure -> assertThat(failure.error()).isInstanceOf(KeyExistsException.class));
        assertThat(items()).hasSize(200).allSatisfy(item -> assertThat(item.version())
                .isEqualTo(1));
    }

    @Test
    void deletesAndPutsExpectTheVersionThatTheyName() {
        run(store, Call.createAll(creates(0, 3)));

        BulkOutcomes puts = run(
                store,
                Call.putAll(List.of(
                                Write.put(key(0), "new").expectedVersion(1L),
                                Write.put(key(1), "new").expectedVersion(7L),
                                Write.put(key(3), "new"))
                        .iterator()));
        BulkOutcomes deletes = run(
                store,
                Call.deleteAll(
                        List.of(Write.delete(key(0)).expectedVersion(1L), Write.delete(key(1)), Write.delete(key(9)))
                                .iterator()));

        assertThat(puts.written()).isEqualTo(2);
        assertThat(puts.failures()).singleElement().satisfies(failure -> assertThat(failure.error())
                .isInstanceOf(VersionConflictException.class));
        assertThat(deletes.written()).isEqualTo(1);
        assertThat(deletes.failures())
                .extracting(failure -> failure.error().getClass().getSimpleName())
                .containsExactly("VersionConflictException", "KeyNotFoundException");
        assertThat(run(
                                store,
                                Call.deleteAll(List.of(Write.delete(key(9))).iterator())
                                        .mustExist(false))
                        .failures())
                .isEmpty();
        assertThat(items()).extracting(Item::payload).containsExactly("new", "v2", "new");
    }

    @Test
    void optionsApplyToEntriesThatNameNone() {
        run(
                store,
                Call.createAll(List.of(
                                        Write.create(key(0), "v"),
                                        Write.create(key(1), "v").expiry(Expiry.NEVER))
                                .iterator())
                        .expiry(Expiry.after(Duration.ofHours(1))));

        assertThat(items()).extracting(item -> item.expires() != null).containsExactly(true, false);
    }

    @Test
    void writesOfOneKeyAreAppliedInTheirOrder() {
        Iterator<Write> writes = IntStream.range(0, 60)
                .mapToObj(number -> Write.put(key(number % 2), number))
                .iterator();

        assertThat(run(store, Call.putAll(writes)).written()).isEqualTo(60);

        assertThat(items()).extracting(Item::payload).containsExactly(58L, 59L);
        assertThat(items()).extracting(Item::version).containsExactly(30L, 30L);
    }

    /** Holds responses until they are released. */
    private static final class HeldClient extends ForwardingClient {
        final Deque<Runnable> held = new ConcurrentLinkedDeque<>();

        HeldClient(DynamoDbAsyncClient client) {
            super(client);
        }

        @Override
        protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                Q request, Function<Q, CompletableFuture<A>> call) {
            CompletableFuture<A> response = new CompletableFuture<>();
            CompletableFuture<A> unused = call.apply(request)
                    .whenComplete((answer, error) -> held.add(() -> {
                        if (error == null) {
                            response.complete(answer);
                        } else {
                            response.completeExceptionally(error);
                        }
                    }));
            return response;
        }

        @Override
        public void close() {
            client().close();
        }

        /** Waits until this many responses are held, and releases one. */
        void release(int awaited) {
            while (held.size() < awaited) {
                Thread.onSpinWait();
            }
            Objects.requireNonNull(held.poll()).run();
        }
    }

    @Test
    void entriesAreTakenAsFastAsTheyAreWrittenAndNoFaster() {
        HeldClient held = new HeldClient(dynamo.client());
        DynaStore slow = store(held);
        AtomicInteger taken = new AtomicInteger();
        Iterator<Write> counted = Stream.iterate(0, number -> number + 1)
                .limit(20)
                .map(number -> {
                    taken.incrementAndGet();
                    return Write.create(key(number), "v");
                })
                .iterator();

        // On this thread, so that nothing more is taken unnoticed.
        CompletableFuture<Outcome.Bulk> result = slow.execute(Call.createAll(counted)
                .concurrentWrites(4)
                .executor(Runnable::run)
                .build());

        for (int released = 0; released < 20; released++) {
            assertThat(taken.get()).isEqualTo(Math.min(20, 4 + released));
            BulkProgress progress = slow.metrics().running().iterator().next();
            assertThat(progress.inFlight()).isEqualTo(Math.min(4, 20 - released));
            assertThat(progress.taken()).isEqualTo(taken.get());
            assertThat(progress.written()).isEqualTo(released);
            assertThat(result).isNotDone();
            held.release(Math.min(4, 20 - released));
        }
        assertThat(result.join().outcomes().written()).isEqualTo(20);
        assertThat(slow.metrics().running()).isEmpty();
    }

    @Test
    void throttlingSlowsDownAndFailsNothing() {
        FaultPlan throttled = FaultPlan.seeded(TestSeed.value()).with(Fault.THROTTLE, 0.3);
        DynaStore slow = store(faulty(throttled, 1));

        BulkOutcomes outcomes = run(slow, Call.createAll(creates(0, 150)));

        assertThat(outcomes.failures()).isEmpty();
        assertThat(outcomes.written()).isEqualTo(150);
        assertThat(pauses).isNotEmpty();
        assertThat(items()).hasSize(150).allSatisfy(item -> assertThat(item.version())
                .isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeThatIsThrottledWhileTheNextOfItsKeyIsReadIsStillAppliedFirst(boolean pauseIsOver) {
        CompletableFuture<Void> pause =
                pauseIsOver ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        FirstRequestHeld first = new FirstRequestHeld(dynamo.client());
        DynaStore slow = DynaStore.builder(first, schema).pause(time -> pause).build();
        Iterator<Write> writes = IntStream.range(0, 2)
                .mapToObj(number -> {
                    if (number == 1) {
                        first.response.completeExceptionally(ProvisionedThroughputExceededException.builder()
                                .awsErrorDetails(AwsErrorDetails.builder()
                                        .errorCode("ProvisionedThroughputExceededException")
                                        .build())
                                .build());
                    }
                    return Write.put(key(0), "v" + number);
                })
                .iterator();

        CompletableFuture<Outcome.Bulk> result = slow.execute(
                Call.putAll(writes).concurrentWrites(4).executor(Runnable::run).build());
        pause.complete(null);

        assertThat(result.join().outcomes().written()).isEqualTo(2);
        assertThat(items()).extracting(Item::payload).containsExactly("v1");
    }

    /** Responds to the first request when the test does, and sends the others. */
    private static final class FirstRequestHeld extends ForwardingClient {
        final CompletableFuture<Object> response = new CompletableFuture<>();
        private final AtomicInteger requests = new AtomicInteger();

        FirstRequestHeld(DynamoDbAsyncClient client) {
            super(client);
        }

        @Override
        @SuppressWarnings("unchecked") // it is only ever completed with an error
        protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                Q request, Function<Q, CompletableFuture<A>> call) {
            return requests.getAndIncrement() == 0 ? response.thenApply(none -> (A) none) : call.apply(request);
        }

        @Override
        public void close() {}
    }

    @Test
    void throttlingWithoutEndEndsTheCallAndAccountsForEachEntry() {
        DynaStore slow = store(faulty(FaultPlan.none().with(Fault.THROTTLE, 1), 1));

        BulkStoppedException error =
                catchThrowableOfType(BulkStoppedException.class, () -> run(slow, Call.createAll(creates(0, 1000))));

        assertThat(error).hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
        assertThat(error.outcomes().written()).isZero();
        assertThat(error.outcomes().taken())
                .isEqualTo(error.outcomes().failed())
                .isLessThan(100);
        assertThat(error.outcomes().complete()).isFalse();
        assertThat(items()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"20,0", "1000000,1"})
    void throttledTransactionsAreThrottlingToo(int times, long failed) {
        ThrottledTransactions throttled = new ThrottledTransactions(dynamo.client(), times);
        BulkCall.Builder call = Call.createAll(creates(0, 3)).exactlyOnce(true).concurrentWrites(1);

        BulkOutcomes outcomes;
        try {
            outcomes = run(store(throttled), call);
        } catch (BulkStoppedException error) {
            assertThat(error.getCause())
                    .isInstanceOfSatisfying(WriteRefusedException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(WriteRefusedException.Kind.THROTTLED));
            outcomes = error.outcomes();
        }

        assertThat(outcomes.failed()).isEqualTo((int) failed);
        assertThat(outcomes.taken()).isEqualTo(failed == 0 ? 3 : 1);
        assertThat(items()).hasSize(failed == 0 ? 3 : 0);
        assertThat(pauses).isNotEmpty();
    }

    /** Cancels the first transactions as the service does if the capacity is used up. */
    private static final class ThrottledTransactions extends ForwardingClient {
        private final AtomicInteger left;

        ThrottledTransactions(DynamoDbAsyncClient client, int times) {
            super(client);
            this.left = new AtomicInteger(times);
        }

        @Override
        protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                Q request, Function<Q, CompletableFuture<A>> call) {
            return request instanceof TransactWriteItemsRequest && left.getAndDecrement() > 0
                    ? CompletableFuture.failedFuture(TransactionCanceledException.builder()
                            .cancellationReasons(CancellationReason.builder()
                                    .code("ThrottlingError")
                                    .build())
                            .build())
                    : call.apply(request);
        }

        @Override
        public void close() {}
    }

    @Test
    void lostResponsesAreNoFalseFailures() {
        FaultPlan lossy = FaultPlan.seeded(TestSeed.value()).with(Fault.LOSE_RESPONSE, 0.3);
        DynaStore patient = store(faulty(lossy, 20));

        BulkOutcomes outcomes = run(patient, Call.createAll(creates(0, 100)));

        assertThat(outcomes.failures()).isEmpty();
        assertThat(items()).hasSize(100);
    }

    @Test
    void errorThatWouldMeetAllEntriesEndsTheCall() {
        DynaStore nowhere = DynaStore.builder(dynamo.client(), TableSchema.named("absent-table"))
                .build();

        BulkStoppedException error = catchThrowableOfType(
                BulkStoppedException.class,
                () -> run(nowhere, Call.createAll(creates(0, 100_000)).concurrentWrites(8)));

        assertThat(error)
                .hasCauseInstanceOf(ResourceNotFoundException.class)
                .hasMessageContainingAll("absent-table", "createAll", "ended early");
        assertThat(error.outcomes().taken())
                .isLessThanOrEqualTo(16)
                .isEqualTo(error.outcomes().failed());
    }

    @Test
    void tooManyFailuresEndTheCall() {
        run(store, Call.createAll(creates(0, 50)));

        BulkStoppedException error = catchThrowableOfType(
                BulkStoppedException.class,
                () -> run(
                        store,
                        Call.createAll(creates(0, 50)).concurrentWrites(1).maxFailures(5)));

        assertThat(error.outcomes().failures()).hasSize(5);
        assertThat(error.outcomes().taken()).isEqualTo(5);
    }

    @Test
    void entriesThatCanNotBeReadOnEndTheCallWithThatError() {
        Iterator<Write> breaking = new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Write next() {
                if (next == 3) {
                    throw new IllegalStateException("file gone");
                }
                return Write.create(key(next++), "v");
            }
        };

        BulkStoppedException error =
                catchThrowableOfType(BulkStoppedException.class, () -> run(store, Call.createAll(breaking)));

        assertThat(error).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(error.outcomes().written()).isEqualTo(3);
        assertThat(error.outcomes().failures()).isEmpty();
        assertThat(items()).hasSize(3);
    }

    @Test
    void entriesOfAnotherKindOrWithoutSenseFailAlone() {
        BulkOutcomes outcomes = run(
                store,
                Call.createAll(Arrays.asList(
                                Write.put(key(0), "v"),
                                Write.create(key(1), new Object[] {Thread.currentThread()}),
                                Write.create(key(2), "v"))
                        .iterator()));

        assertThat(outcomes.written()).isEqualTo(1);
        assertThat(outcomes.failures()).hasSize(2).allSatisfy(failure -> assertThat(failure.error())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(schema.table()));
    }

    @Test
    void numbersOutOfBoundsAreRejected() {
        assertThatThrownBy(
                        () -> Call.createAll(creates(0, 1)).concurrentWrites(0).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("concurrentWrites");
        assertThatThrownBy(() -> Call.createAll(creates(0, 1)).maxFailures(0).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("maxFailures");
        assertThat(run(store, Call.createAll(creates(0, 0)))).isEqualTo(new BulkOutcomes(0, 0, List.of(), true));
    }
}
