/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** Each test counts by an unconditional increment: the item says how often a request was applied. */
class FaultyHttpClientTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Map<String, AttributeValue> KEY = Map.of("id", AttributeValue.fromS("a"));

    /** Nothing that is late comes before a test settles it. */
    private final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofDays(10000));

    private final RecordingHttpClient behind = RecordingHttpClient.overNetty();
    private final FaultyHttpClient http = new FaultyHttpClient(behind, plan);
    private DynamoDbAsyncClient client;
    private String table;

    @BeforeEach
    void connect() {
        client = clientWithAttempts(3);
        table = dynamo.table("faulty", TableSpec.partitionKey("id", S));
    }

    @AfterEach
    void disconnect() {
        client.close();
        http.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DROP", "ERROR_500", "ERROR_503", "THROTTLE"})
    void keepsRequestFromEngineAndIsRetried(Fault fault) {
        plan.next(fault);

        increment(client).join();

        assertThat(applied()).isOne();
        assertThat(behind.requests()).hasSize(1);
        assertThat(http.requests("UpdateItem")).isEqualTo(2);
        assertThat(http.injected(fault)).isOne();
        assertThat(http.faulted("UpdateItem")).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOSE_RESPONSE", "ERROR_500_APPLIED", "ERROR_503_APPLIED"})
    void hidesThatRequestWasAppliedAndIsRetried(Fault fault) {
        plan.next(fault);

        increment(client).join();

        assertThat(applied()).isEqualTo(2);
        assertThat(http.requests("UpdateItem")).isEqualTo(2);
        assertThat(http.injected(fault)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"ERROR_500,500", "ERROR_503,503", "ERROR_500_APPLIED,500", "ERROR_503_APPLIED,503", "THROTTLE,400"})
    void speaksLikeTheService(Fault fault, int status) {
        try (DynamoDbAsyncClient impatient = clientWithAttempts(1)) {
            plan.next(fault);

            assertThatThrownBy(() -> increment(impatient).join())
                    .cause()
                    .isInstanceOfSatisfying(DynamoDbException.class, error -> assertThat(error.statusCode())
                            .isEqualTo(status))
                    .matches(error ->
                            fault != Fault.THROTTLE || error instanceof ProvisionedThroughputExceededException);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DROP", "LOSE_RESPONSE", "ARRIVE_LATE"})
    void breaksConnection(Fault fault) {
        try (DynamoDbAsyncClient impatient = clientWithAttempts(1)) {
            plan.next(fault);

            assertThatThrownBy(() -> increment(impatient).join()).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void sendsDuplicateLaterWithTheSameBytes() {
        plan.next(Fault.DUPLICATE);

        increment(client).join();

        assertThat(applied()).isOne();
        http.settle();
        assertThat(applied()).isEqualTo(2);
        assertThat(behind.requests())
                .hasSize(2)
                .extracting(RecordedRequest::request)
                .containsOnly(behind.requests().get(0).request());
        assertThat(http.requests("UpdateItem")).isOne();
    }

    @Test
    void sendsDuplicateWithoutBeingAskedWhenItsTimeHasCome() {
        FaultPlan quick = FaultPlan.none().withDelaysUpTo(Duration.ZERO);
        quick.next(Fault.DUPLICATE);
        FaultyHttpClient faulty = new FaultyHttpClient(behind, quick);
        try (DynamoDbAsyncClient duplicating = client(faulty, 1)) {
            increment(duplicating).join();

            await().untilAsserted(() -> assertThat(applied()).isEqualTo(2));
        }
    }

    @Test
    void bringsRequestBehindItsOwnRetry() {
        plan.next(Fault.ARRIVE_LATE);

        increment(client).join();

        assertThat(applied()).isOne();
        http.settle();
        assertThat(applied()).isEqualTo(2);
    }

    @Test
    void settlesAllThatIsLateAndNothingTwice() {
        plan.next(Fault.DUPLICATE, Fault.ARRIVE_LATE, Fault.NONE, Fault.DUPLICATE);
        for (int i = 0; i < 3; i++) {
            increment(client).join();
        }

        http.settle();
        http.settle();

        assertThat(applied()).isEqualTo(6);
    }

    @Test
    void responsesLate() {
        FaultPlan slow = FaultPlan.none().withDelaysUpTo(Duration.ofDays(10000));
        slow.next(Fault.SLOW_ANSWER);
        try (DynamoDbAsyncClient waiting = client(new FaultyHttpClient(behind, slow), 1)) {
            CompletableFuture<?> increment = increment(waiting);

            await().untilAsserted(() -> assertThat(applied()).isOne());
            assertThat(increment).isNotDone();
        }
    }

    @Test
    void responsesAtLast() {
        FaultPlan slow = FaultPlan.seeded(1).withDelaysUpTo(Duration.ofMillis(20));
        slow.next(Fault.SLOW_ANSWER);
        try (DynamoDbAsyncClient waiting = client(new FaultyHttpClient(behind, slow), 1)) {
            increment(waiting).join();

            assertThat(applied()).isOne();
        }
    }

    @Test
    void reachesNobodyWhileCutOff() {
        http.cut();
        assertThatThrownBy(() -> increment(client).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("cut off by the test");
        assertThat(applied()).isZero();

        http.heal();
        increment(client).join();

        assertThat(applied()).isOne();
    }

    @Test
    void losesResponsesThatAreUnderWayWhenItIsCutOff() {
        plan.next(Fault.LOSE_RESPONSE);
        http.between(http::cut);

        assertThatThrownBy(() -> increment(client).join()).hasRootCauseMessage("cut off by the test");

        assertThat(applied()).isOne();
    }

    @Test
    void letsAnotherWriterInBetweenTwoAttempts() {
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> {
            assertThat(applied()).isOne();
            dynamo.rawPut(table, Map.of("id", AttributeValue.fromS("a"), "count", AttributeValue.fromN("100")));
        });

        increment(client).join();

        assertThat(applied()).isEqualTo(101);
    }

    @Test
    void tellsWhoComesInBetweenWhichRequestFailed() {
        plan.next(Fault.DROP);
        List<String> keys = new CopyOnWriteArrayList<>();
        http.betweenEach(request -> keys.add(request.at("/Key/id/S").asText()));

        increment(client).join();

        assertThat(keys).containsExactly("a");
    }

    private CompletableFuture<?> increment(DynamoDbAsyncClient by) {
        return by.updateItem(update -> update.tableName(table)
                .key(KEY)
                .updateExpression("ADD #count :one")
                .expressionAttributeNames(Map.of("#count", "count"))
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    }

    private int applied() {
        AttributeValue count = dynamo.rawGet(table, KEY).get("count");
        return count == null ? 0 : Integer.parseInt(count.n());
    }

    private DynamoDbAsyncClient clientWithAttempts(int attempts) {
        return client(http, attempts);
    }

    private static DynamoDbAsyncClient client(FaultyHttpClient faulty, int attempts) {
        return dynamo.clientBuilder()
                .httpClient(faulty)
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(attempts)
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())))
                .build();
    }
}
