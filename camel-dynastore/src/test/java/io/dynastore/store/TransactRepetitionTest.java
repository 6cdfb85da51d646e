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
import io.dynastore.testkit.RecordingHttpClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A transaction that was not applied and is repeated: what its items can still tell, and when nothing can. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class TransactRepetitionTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final FaultPlan plan = FaultPlan.none();
    private final FaultyHttpClient network = new FaultyHttpClient(RecordingHttpClient.overNetty(), plan);
    private final DynamoDbAsyncClient hasty = over(dynamo, network, 1);
    private TransactFixture table;
    private DynaStore store;

    @BeforeEach
    void makeTable() {
        table = new TransactFixture(dynamo, dynamo.client());
        store = table.store(hasty, table.name);
    }

    @AfterEach
    void close() {
        hasty.close();
        network.close();
    }

    /** An item keeps the ids of three writes: a fourth other one may have pushed out that of the repeated one. */
    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,false", "4,true"})
    void itIsUnknownOnlyIfItsWriteIdMayHaveBeenPushedOut(int others, boolean unknown) {
        table.given("a", 1, "old");
        TransactCall.Builder call = transaction(Write.update(key("a"), "new").expectedVersion(1L));
        call.idempotencyToken(lost(call));
        for (int i = 0; i < others; i++) {
            table.run(Call.update(key("a"), "other"));
        }

        assertThatThrownBy(() -> run(store, call))
                .isInstanceOf(unknown ? OutcomeUnknownException.class : TransactionFailedException.class);
        assertThat(table.stored("a")).isEqualTo("other at " + (1 + others));
    }

    @Test
    void anItemThatBeganAnewSinceProvesNothing() {
        table.given("a", 5, "old");
        TransactCall.Builder call = transaction(Write.update(key("a"), "new").expectedVersion(5L));
        call.idempotencyToken(lost(call));
        table.run(Call.delete(key("a")));
        table.run(Call.create(key("a"), "other"));

        assertThatThrownBy(() -> run(store, call)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(table.stored("a")).isEqualTo("other at 1");
    }

    @Test
    void oneWriteThatProvesNothingLeavesTheProofToTheOthers() {
        table.given("a", 1, "old");
        table.given("b", 1, "old");
        TransactCall.Builder call = transaction(
                Write.delete(key("a")).expectedVersion(1L),
                Write.update(key("b"), "new").expectedVersion(1L));
        call.idempotencyToken(lost(call));
        table.run(Call.update(key("a"), "other"));

        assertThatThrownBy(() -> run(store, call)).isInstanceOf(OutcomeUnknownException.class);
        table.run(Call.update(key("b"), "other"));
        assertThatThrownBy(() -> run(store, call))
                .isInstanceOf(TransactionFailedException.class)
                .hasMessageContainingAll("[p, a]", "[p, b]", "expected version 1, found 2");
    }

    @Test
    void itIsAppliedWhereNothingIsInItsWay() {
        table.given("a", 1, "old");
        TransactCall.Builder call =
                transaction(Write.update(key("a"), "new").expectedVersion(1L), Write.create(key("b"), "new"));
        call.idempotencyToken(lost(call));

        assertThat(run(store, call).versions().get(0)).isEqualTo(2);
        assertThat(table.stored("a")).isEqualTo("new at 2");
        assertThat(table.stored("b")).isEqualTo("new at 1");
    }

    @ParameterizedTest
    @CsvSource({"0,NONE", "2,NONE", "3,OutcomeUnknownException"})
    void itAddsOnceHoweverManyOthersHaveWrittenSince(int others, String error) {
        table.run(Call.create(key("a"), "v"));
        table.run(Call.create(key("b"), "v"));
        for (TransactCall.Builder call : List.of(adding("a"), adding("a", "b"))) {
            long before = added("a");
            plan.next(Fault.LOSE_RESPONSE);
            call.idempotencyToken(unknown(call));
            for (int i = 0; i < others; i++) {
                table.run(Call.update(key("a"), "other"));
                table.run(Call.update(key("b"), "other"));
            }

            assertThat(outcome(() -> run(store, call))).isEqualTo(error);
            assertThat(added("a")).isEqualTo(before + 1);
        }
    }

    @Test
    void oneWriteAloneAddsOnceToo() {
        table.run(Call.create(key("a"), "v"));
        WriteCall.Builder call = Call.update(key("a"), null)
                .payloadMode(PayloadMode.KEEP)
                .increments(Map.of("n", 1))
                .exactlyOnce(true);
        plan.next(Fault.LOSE_RESPONSE);
        call.idempotencyToken(unknown(call));
        for (int i = 0; i < 3; i++) {
            table.run(Call.update(key("a"), "other"));
        }

        assertThat(unknown(call)).isSameAs(call.build().idempotencyToken());
        assertThat(added("a")).isEqualTo(1);
    }

    @Test
    void itAddsAgainOnlyWhileAnItemShowsThatItHasNotAdded() {
        table.run(Call.create(key("a"), "v"));
        TransactCall.Builder call = adding("a", "b");
        call.idempotencyToken(lost(call));
        plan.next(Fault.NONE, Fault.DROP);

        assertThat(unknown(call)).isSameAs(call.build().idempotencyToken());
        assertThat(run(store, call).versions()).hasSize(2);
        assertThat(added("a")).isEqualTo(1);
        assertThat(added("b")).isEqualTo(1);
    }

    @Test
    void anotherWriteThatExpectsAVersionDecidesForTheOnesThatAdd() {
        table.run(Call.create(key("a"), "v"));
        table.run(Call.create(key("c"), "v"));
        for (int i = 0; i < 4; i++) {
            table.run(Call.update(key("a"), "other"));
        }
        TransactCall.Builder call = transaction(
                Write.keep(key("a")).increments(Map.of("n", 1)),
                Write.update(key("c"), "new").expectedVersion(1L));
        call.idempotencyToken(lost(call));

        assertThat(run(store, call).versions().get(1)).isEqualTo(2);
        assertThat(added("a")).isEqualTo(1);
    }

    private static TransactCall.Builder adding(String... sortKeys) {
        return transaction(Stream.of(sortKeys)
                .map(sortKey -> Write.put(key(sortKey), null)
                        .payloadMode(PayloadMode.KEEP)
                        .increments(Map.of("n", 1)))
                .toArray(Write[]::new));
    }

    private long added(String sortKey) {
        AttributeValue n = table.raw(sortKey).get("n");
        return n == null ? 0 : Long.parseLong(n.n());
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "NONE";
        } catch (DynaStoreException error) {
            return error.getClass().getSimpleName();
        }
    }

    private IdempotencyToken unknown(Call.Builder<?> call) {
        return Objects.requireNonNull(catchThrowableOfType(OutcomeUnknownException.class, () -> run(store, call))
                .idempotencyToken());
    }

    /** The token of a transaction whose request was lost. */
    private IdempotencyToken lost(TransactCall.Builder call) {
        plan.next(Fault.DROP);
        return Objects.requireNonNull(catchThrowableOfType(OutcomeUnknownException.class, () -> run(store, call))
                .idempotencyToken());
    }
}
