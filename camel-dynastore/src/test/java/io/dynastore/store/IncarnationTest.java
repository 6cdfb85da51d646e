/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A version means one item: what comes of a write whose item was deleted and created anew, answers lost or not. */
class IncarnationTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final FaultPlan plan = FaultPlan.none();
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final Key key = Key.of("p", "a");
    private StoreFixture table;
    private DynaStore others;

    @BeforeEach
    void makeTable() {
        table = StoreFixture.standard(dynamo, client);
        others = DynaStore.builder(dynamo.client(), table.schema)
                .clock(table.clock)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void everyReadAndWriteOfOneIncarnationTellsTheSame() {
        Incarnation created = table.write(Call.create(key, "one")).incarnation();

        assertThat(created).isNotNull().hasToString("Incarnation");
        assertThat(read()).isEqualTo(created);
        assertThat(table.run(Call.exists(key)).incarnation()).isEqualTo(created);
        assertThat(table.write(Call.put(key, "two")).incarnation()).isEqualTo(created);
        assertThat(table.write(Call.update(key, "three").expectedVersion(2L).expectedIncarnation(created))
                        .incarnation())
                .isEqualTo(created);
        assertThat(table.write(Call.update(key, "four").exactlyOnce(true)).incarnation())
                .isEqualTo(created);
        beginAnew();
        assertThat(read()).isNotEqualTo(created);
    }

    @Test
    void incarnationOfForeignItemIsNamedByTheFirstWrite() {
        foreignWrite();
        Incarnation unnamed = read();
        assertThat(unnamed.name()).isNull();

        Incarnation named = table.write(
                        Call.update(key, "mine").expectedVersion(1L).expectedIncarnation(unnamed))
                .incarnation();

        assertThat(named).isNotNull().isEqualTo(read()).isNotEqualTo(unnamed);
        table.run(Call.delete(key).expectedVersion(2L).expectedIncarnation(named));
        assertThat(table.raw(key)).isEmpty();
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void writesRefuseAnotherItemAtTheVersionThatTheyExpect() {
        Incarnation incarnation = created();
        beginAnew();

        for (ConditionalCall.Builder<?> call : List.of(
                Call.update(key, "SECRET"),
                Call.put(key, "SECRET"),
                Call.delete(key),
                Call.delete(key).mustExist(false),
                Call.update(key, "SECRET").exactlyOnce(true),
                Call.delete(key).exactlyOnce(true))) {
            assertThatThrownBy(() -> table.run(call.expectedVersion(1L).expectedIncarnation(incarnation)))
                    .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.actual())
                            .isEqualTo(conflict.expected())
                            .isEqualTo(1))
                    .hasMessageContainingAll(table.schema.table(), "[p, a]", "another item", "Read the item again")
                    .hasMessageNotContaining("SECRET");
        }
        assertThat(payload()).isEqualTo("anew");
    }

    @Test
    void writesOfForeignItemRefuseOneOfOursAtTheSameVersion() {
        foreignWrite();
        Incarnation unnamed = read();
        beginAnew();

        assertThatThrownBy(() ->
                        table.run(Call.update(key, "mine").expectedVersion(1L).expectedIncarnation(unnamed)))
                .isInstanceOf(VersionConflictException.class);
        assertThat(payload()).isEqualTo("anew");
    }

    @Test
    void incarnationWithoutVersionSaysNothing() {
        Incarnation incarnation = created();
        beginAnew();

        assertThat(table.write(Call.update(key, "mine").expectedIncarnation(incarnation))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void deleteThatWasLostOnItsWayIsAConflictIfItsItemIsStillThere() {
        Incarnation incarnation = created();
        plan.next(Fault.DROP);
        http.between(() -> run(others, Call.update(key, "theirs")));

        assertThatThrownBy(() -> table.run(delete(incarnation)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.actual())
                        .isEqualTo(2));
        assertThat(payload()).isEqualTo("theirs");
    }

    @Test
    void deleteWhoseRepetitionFindsAnotherItemIsDoneAndLeavesIt() {
        Incarnation incarnation = created();
        plan.next(Fault.LOSE_RESPONSE);
        http.between(this::createAnew);

        assertThat(table.run(delete(incarnation))).isInstanceOf(Outcome.Deleted.class);
        assertThat(payload()).isEqualTo("anew");
    }

    @Test
    void deleteWhoseRepetitionFindsAnotherItemThatHasGotFurtherIsDone() {
        Incarnation incarnation = created();
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> {
            createAnew();
            run(others, Call.update(key, "further"));
        });

        assertThat(table.run(delete(incarnation))).isInstanceOf(Outcome.Deleted.class);
        assertThat(payload()).isEqualTo("further");
    }

    @Test
    void deleteWhoseRepetitionFindsForeignItemThatHasGotFurtherIsUnknown() {
        Incarnation incarnation = created();
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> {
            foreignWrite();
            foreignWrite();
        });

        assertThatThrownBy(() -> table.run(delete(incarnation))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void deleteOfForeignItemWhoseRepetitionFindsLaterVersionIsUnknown() {
        foreignWrite();
        Incarnation unnamed = read();
        plan.next(Fault.DROP);
        http.between(this::foreignWrite);

        assertThatThrownBy(() -> table.run(delete(unnamed))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(payload()).isEqualTo("foreign");
    }

    @Test
    void deleteOfForeignItemWhoseRepetitionFindsEarlierVersionIsDone() {
        foreignWrite();
        foreignWrite();
        Incarnation unnamed = read();
        plan.next(Fault.LOSE_RESPONSE);
        http.between(this::foreignWrite);

        assertThat(table.run(Call.delete(key).expectedVersion(2L).expectedIncarnation(unnamed)))
                .isInstanceOf(Outcome.Deleted.class);
        assertThat(payload()).isEqualTo("foreign");
    }

    @Test
    void deleteOfForeignItemWithoutVersionThatWasNamedMeanwhileIsUnknown() {
        table.rawPut(key, Map.of("payload", AttributeValue.fromS("foreign")));
        Incarnation unnamed = read();
        plan.next(Fault.DROP);
        http.between(() -> run(others, Call.update(key, "theirs")));

        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(0L).expectedIncarnation(unnamed)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(payload()).isEqualTo("theirs");
    }

    @Test
    void updateWhoseRepetitionFindsAnotherItemIsUnknownAndLeavesIt() {
        Incarnation incarnation = created();
        plan.next(Fault.LOSE_RESPONSE);
        http.between(this::beginAnew);

        assertThatThrownBy(() ->
                        table.run(Call.update(key, "mine").expectedVersion(1L).expectedIncarnation(incarnation)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(payload()).isEqualTo("anew");
    }

    @Test
    void incarnationThatACopyOfItsCreateBeginsAgainShowsAsLongAsItIsBehind() {
        Incarnation incarnation = created();
        run(others, Call.update(key, "second"));
        Map<String, AttributeValue> first = new HashMap<>(table.rawWhole(key));
        first.put("version", AttributeValue.fromN("1"));
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> table.rawPut(key, first));

        assertThat(table.run(Call.delete(key).expectedVersion(2L).expectedIncarnation(incarnation)))
                .isInstanceOf(Outcome.Deleted.class);
        plan.next(Fault.LOSE_RESPONSE);
        assertThatThrownBy(() ->
                        table.run(Call.update(key, "mine").expectedVersion(2L).expectedIncarnation(incarnation)))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void redeliveredDeleteExactlyOnceIsAConflictIfItsItemIsStillThere() {
        Incarnation incarnation = created();
        DeleteCall.Builder call = delete(incarnation).exactlyOnce(true);
        http.cut();
        OutcomeUnknownException unknown = catchThrowableOfType(OutcomeUnknownException.class, () -> table.run(call));
        http.heal();
        run(others, Call.update(key, "theirs"));

        assertThatThrownBy(() -> table.run(call.idempotencyToken(unknown.idempotencyToken())))
                .isInstanceOf(VersionConflictException.class);
    }

    private DeleteCall.Builder delete(Incarnation incarnation) {
        return Call.delete(key).expectedVersion(1L).expectedIncarnation(incarnation);
    }

    private Incarnation created() {
        return Objects.requireNonNull(run(others, Call.create(key, "first")).incarnation());
    }

    private void beginAnew() {
        run(others, Call.delete(key));
        createAnew();
    }

    private void createAnew() {
        run(others, Call.create(key, "anew"));
    }

    private Incarnation read() {
        return Objects.requireNonNull(
                run(others, Call.get(key).consistentRead(true)).incarnation());
    }

    private Object payload() {
        return Objects.requireNonNull(table.item(key).payload());
    }

    /** As dynastorev2 does: it names no incarnation. */
    private void foreignWrite() {
        dynamo.client()
                .updateItem(update -> update.tableName(table.schema.table())
                        .key(table.schema.encode(key))
                        .updateExpression("ADD version :one SET payload = :payload")
                        .expressionAttributeValues(
                                Map.of(":one", AttributeValue.fromN("1"), ":payload", AttributeValue.fromS("foreign"))))
                .join();
    }
}
