/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.TransactFixture.key;
import static io.dynastore.store.TransactFixture.run;
import static io.dynastore.store.TransactFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What DynamoDB Local does not do on demand: cancel a transaction because of others. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class TransactCollisionsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final AtomicInteger requests = new AtomicInteger();
    private boolean unreadable;
    private TransactFixture table;

    @BeforeEach
    void makeTable() {
        table = new TransactFixture(dynamo, dynamo.client());
    }

    @Test
    void aCollisionIsTriedAgain() {
        DynaStore store = table.store(cancelling(2, "TransactionConflict", "None"), table.name);

        Outcome.Transacted outcome =
                run(store, transaction(Write.create(key("a"), "new"), Write.create(key("b"), "new")));

        assertThat(outcome.versions()).containsExactly(1L, 1L);
        assertThat(requests).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource({
        "TransactionConflict,CONFLICT,5",
        "ThrottlingError,THROTTLED,5",
        "ProvisionedThroughputExceeded,THROTTLED,5",
        "ItemCollectionSizeLimitExceeded,COLLECTION_TOO_LARGE,1",
        "Unheard,OTHER,1"
    })
    void whatStandsInTheWayIsReported(String code, WriteRefusedException.Kind kind, int sent) {
        DynaStore store = table.store(cancelling(Integer.MAX_VALUE, "None", code), table.name);

        TransactionFailedException failed = catchThrowableOfType(
                TransactionFailedException.class,
                () -> run(store, transaction(Write.create(key("a"), "new"), Write.create(key("b"), "new"))));

        assertThat(failed).hasMessageContainingAll(table.name, "Write 2 of 2, key [p, b]");
        assertThat(failed.reasons().get(0)).isNull();
        assertThat(failed.reasons().get(1))
                .isInstanceOfSatisfying(WriteRefusedException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(kind));
        assertThat(requests).hasValue(sent);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void aCollisionIsWaitedForAndAnItemThatHasChangedIsNot() {
        List<Duration> pauses = new ArrayList<>();
        DynaStore.Builder builder =
                DynaStore.builder(cancelling(4, "TransactionConflict", "None"), TableSchema.named(table.name));
        DynaStore store = builder.pause(time -> {
                    pauses.add(time);
                    return CompletableFuture.completedFuture(null);
                })
                .build();

        run(store, transaction(Write.create(key("a"), "new"), Write.create(key("b"), "new")));

        assertThat(pauses).hasSize(4).allSatisfy(pause -> assertThat(pause)
                .isBetween(Duration.ZERO, Duration.ofSeconds(10)));
        pauses.clear();
        table.givenExpired("c", 7);
        run(store, transaction(Write.create(key("c"), "new")));
        assertThat(table.stored("c")).isEqualTo("new at 8");
        assertThat(pauses).isEmpty();
    }

    @Test
    void anItemThatKeepsChangingIsReportedAfterTenRounds() {
        DynaStore store = table.store(cancelling(Integer.MAX_VALUE, "ConditionalCheckFailed"), table.name);

        assertThatThrownBy(() -> run(store, transaction(Write.create(key("a"), "SECRET"))))
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(
                        table.name, "[p, a]", "absent, expired and live", "Nothing was written", "try again")
                .hasMessageNotContaining("SECRET");
        assertThat(requests).hasValue(10);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void anItemThatCannotBeReadAfterARefusalIsTheServicesOwnError() {
        unreadable = true;
        DynaStore store = table.store(cancelling(1, "ConditionalCheckFailed"), table.name);

        assertThatThrownBy(() -> run(store, transaction(Write.create(key("a"), "new"))))
                .isInstanceOf(ProvisionedThroughputExceededException.class);
        assertThat(table.all()).isEmpty();
    }

    /** The service's message of the whole cancellation says which write it was, and nothing about the reason. */
    @Test
    void aWriteThatTheServiceFindsInvalidIsBadInputWithItsOwnReason() {
        DynaStore store = table.store(cancelling(Integer.MAX_VALUE, "None", "ValidationError"), table.name);

        TransactionFailedException failed = catchThrowableOfType(
                TransactionFailedException.class,
                () -> run(store, transaction(Write.create(key("a"), "new"), Write.create(key("b"), "new"))));

        assertThat(failed.reasons().get(0)).isNull();
        assertThat(failed.reasons().get(1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.name, "[p, b]", "DynamoDB rejects the request (some words)")
                .hasMessageNotContaining("Transaction cancelled");
        assertThat(requests).hasValue(1);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void anItemThatGrewTooLargeIsBadInput() {
        DynaStore store = table.store(cancelling(1, "ValidationError"), table.name);

        InvalidInputException refused = catchThrowableOfType(
                InvalidInputException.class,
                () -> run(store, Call.put(key("a"), "new").exactlyOnce(true)));

        assertThat(refused).hasMessageContainingAll(table.name, "[p, a]", "400 KB");
    }

    /** A client whose first transactions are cancelled for these reasons. */
    private DynamoDbAsyncClient cancelling(int times, String... codes) {
        List<CancellationReason> reasons = Arrays.stream(codes)
                .map(code -> CancellationReason.builder()
                        .code(code)
                        .message(codes.length == 1 ? "Item size to update has exceeded" : "some words")
                        .build())
                .toList();
        return (DynamoDbAsyncClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbAsyncClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("transactWriteItems") && requests.incrementAndGet() <= times) {
                        return CompletableFuture.failedFuture(TransactionCanceledException.builder()
                                .cancellationReasons(reasons)
                                .statusCode(400)
                                .message("Transaction cancelled")
                                .awsErrorDetails(AwsErrorDetails.builder()
                                        .errorCode("TransactionCanceledException")
                                        .errorMessage("Transaction cancelled")
                                        .build())
                                .build());
                    }
                    if (unreadable && method.getName().equals("getItem")) {
                        return CompletableFuture.failedFuture(ProvisionedThroughputExceededException.builder()
                                .statusCode(400)
                                .message("Too much")
                                .build());
                    }
                    try {
                        return method.invoke(dynamo.client(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
