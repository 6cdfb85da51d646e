/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.TransactFixture.key;
import static io.dynastore.store.TransactFixture.over;
import static io.dynastore.store.TransactFixture.run;
import static io.dynastore.store.TransactFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What a transaction sends, and its result if responses are lost. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class TransactFaultsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private final FaultPlan plan = FaultPlan.none();
    private final FaultyHttpClient network = new FaultyHttpClient(http, plan);
    private final DynamoDbAsyncClient patient = over(dynamo, network, 3);
    private final DynamoDbAsyncClient hasty = over(dynamo, network, 1);
    private TransactFixture table;

    @BeforeEach
    void makeTable() {
        table = new TransactFixture(dynamo, dynamo.client());
    }

    @AfterEach
    void close() {
        patient.close();
        hasty.close();
        network.close();
    }

    @Test
    void aTransactionIsOneRequest() {
        table.given("a", 1, "old");

        run(store(patient), transaction(Write.update(key("a"), "new"), Write.create(key("b"), "new")));

        assertThat(http.requests()).extracting(RecordedRequest::operation).containsExactly("TransactWriteItems");
        assertThat(http.requests().get(0).request().path("ClientRequestToken").asText())
                .isNotEmpty();
    }

    @Test
    void aTransactionTellsWhatItCost() {
        Outcome.Transacted outcome =
                run(store(patient), transaction(Write.create(key("a"), "new"), Write.create(key("b"), "new")));

        assertThat(outcome.consumedCapacity()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRefusedTransactionIsOneRequestToo() {
        table.given("a", 2, "old");

        assertThatThrownBy(() -> run(
                        store(patient),
                        transaction(Write.update(key("a"), "new").expectedVersion(1L), Write.create(key("b"), "new"))))
                .isInstanceOf(TransactionFailedException.class);
        assertThat(http.requests()).extracting(RecordedRequest::operation).containsExactly("TransactWriteItems");
    }

    @Test
    void aTransactionWhoseResponseWasLostIsAppliedOnce() {
        table.given("update", 1, "old");
        table.given("put", 1, "old");
        table.given("delete", 1, "old");
        plan.next(Fault.LOSE_RESPONSE);
        network.between(() -> table.run(Call.update(key("put"), "other").returnVersion(false)));

        Outcome.Transacted outcome = run(
                store(patient),
                transaction(
                        Write.create(key("create"), "new"),
                        Write.update(key("update"), "new").expectedVersion(1L),
                        Write.put(key("put"), "new"),
                        Write.delete(key("delete"))));

        assertThat(outcome.versions()).containsExactly(1L, 2L, null, null);
        assertThat(http.requests()).hasSize(2);
        assertThat(table.stored("create")).isEqualTo("new at 1");
        assertThat(table.stored("update")).isEqualTo("new at 2");
        assertThat(table.stored("put")).isEqualTo("other at 3");
        assertThat(table.stored("delete")).isEqualTo("none");
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteCall.Kind.class,
            names = {"PUT", "UPDATE"})
    void exactlyOnceIsNotAppliedAgainAlsoIfOthersWroteInBetween(WriteCall.Kind kind) {
        table.given("a", 1, "old");
        plan.next(Fault.LOSE_RESPONSE);
        // More writers than an item keeps write ids of.
        network.between(() -> {
            for (int i = 0; i < 5; i++) {
                table.run(Call.update(key("a"), "other"));
            }
        });

        Outcome.Written outcome = run(
                store(patient),
                WriteCall.builder(kind).key(key("a")).value("mine").exactlyOnce(true));

        assertThat(table.stored("a")).isEqualTo("other at 7");
        assertThat(outcome.version())
                .as("its write id is gone, so that the version is unknown")
                .isNull();
    }

    @Test
    void exactlyOnceTellsItsOwnVersionAfterOneOtherWriter() {
        table.given("a", 1, "old");
        plan.next(Fault.LOSE_RESPONSE);
        network.between(() -> table.run(Call.update(key("a"), "other")));

        Outcome.Written outcome = run(store(patient), Call.put(key("a"), "mine").exactlyOnce(true));

        assertThat(table.stored("a")).isEqualTo("other at 3");
        assertThat(outcome.version()).isEqualTo(2);
    }

    @Test
    void responseThatStaysLostIsUnknownAndItsRepetitionRecognisesItself() {
        table.given("a", 1, "old");
        TransactCall.Builder call =
                transaction(Write.update(key("a"), "SECRET").expectedVersion(1L), Write.create(key("b"), "SECRET"));
        plan.next(Fault.LOSE_RESPONSE);

        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> run(store(hasty), call));

        assertThat(unknown)
                .hasMessageContainingAll(table.name, "[p, a], [p, b]", "repeat")
                .hasMessageNotContaining("SECRET")
                .hasCauseInstanceOf(SdkClientException.class);
        assertThat(run(store(hasty), call.idempotencyToken(unknown.idempotencyToken()))
                        .versions())
                .containsExactly(2L, 1L);
        assertThat(table.stored("a")).isEqualTo("SECRET at 2");
    }

    @Test
    void anAttemptThatIsRepeatedWithOtherContentIsATransactionOfItsOwn() {
        table.given("a", 1, "old");
        plan.next(Fault.LOSE_RESPONSE);
        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class, () -> run(store(hasty), transaction(Write.update(key("a"), "first"))));

        run(store(hasty), transaction(Write.update(key("a"), "second")).idempotencyToken(unknown.idempotencyToken()));

        assertThat(table.stored("a")).isEqualTo("second at 3");
    }

    @Test
    void aRepetitionOfWhatWasNotAppliedIsRefusedForWhatItIs() {
        table.given("a", 1, "old");
        TransactCall.Builder call =
                transaction(Write.update(key("a"), "new").expectedVersion(1L), Write.delete(key("b")));
        plan.next(Fault.DROP);
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> run(store(hasty), call));
        table.run(Call.update(key("a"), "other"));

        assertThatThrownBy(() -> run(store(hasty), call.idempotencyToken(unknown.idempotencyToken())))
                .isInstanceOf(TransactionFailedException.class)
                .hasMessageContainingAll("expected version 1, found 2", "[p, b]");
    }

    @Test
    void aRepetitionThatNothingDecidesIsUnknownAgain() {
        table.given("a", 1, "old");
        table.given("b", 1, "old");
        TransactCall.Builder call = transaction(Write.delete(key("a")), Write.delete(key("b")));
        plan.next(Fault.LOSE_RESPONSE);
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> run(store(hasty), call));

        assertThatThrownBy(() -> run(store(hasty), call.idempotencyToken(unknown.idempotencyToken())))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void aDeleteExactlyOnceThatIsRepeatedAndFindsNothingIsDone() {
        table.given("a", 1, "old");
        DeleteCall.Builder call = Call.delete(key("a")).exactlyOnce(true);
        plan.next(Fault.LOSE_RESPONSE);
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> run(store(hasty), call));

        assertThat(run(store(hasty), call.idempotencyToken(unknown.idempotencyToken())))
                .isInstanceOf(Outcome.Deleted.class);
    }

    private DynaStore store(DynamoDbAsyncClient client) {
        return table.store(client, table.name);
    }
}
