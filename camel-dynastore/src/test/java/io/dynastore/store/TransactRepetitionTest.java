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
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

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

    /** The token of a transaction whose request was lost. */
    private IdempotencyToken lost(TransactCall.Builder call) {
        plan.next(Fault.DROP);
        return Objects.requireNonNull(catchThrowableOfType(OutcomeUnknownException.class, () -> run(store, call))
                .idempotencyToken());
    }
}
