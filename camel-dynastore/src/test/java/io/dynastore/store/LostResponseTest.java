/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.testkit.Fault.DROP;
import static io.dynastore.testkit.Fault.LOSE_RESPONSE;
import static io.dynastore.testkit.Fault.THROTTLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The result of a write whose response was lost, so that the SDK has sent it again. */
class LostResponseTest {

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
    void warmUp() {
        // The engine has to be known to return old items, and connections to be open, before requests are counted.
        others.execute(Call.exists(key).build()).join();
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    void createThatWasAppliedIsASuccess() {
        plan.next(LOSE_RESPONSE);

        assertThat(run(store, write(WriteCall.Kind.CREATE))).isEqualTo(1);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void createKnowsItsItemHoweverOftenOthersHaveWrittenSince() {
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersWrite(7));

        assertThat(run(store, write(WriteCall.Kind.CREATE))).isEqualTo(1);
        assertThat(stored()).isEqualTo(8);
    }

    @Test
    void createThatWasLostOnItsWayIsRefusedForAnItemOfAnyAge() {
        run(others, write(WriteCall.Kind.CREATE));
        othersWrite(7);
        plan.next(DROP);

        assertThatThrownBy(() -> run(store, write(WriteCall.Kind.CREATE))).isInstanceOf(KeyExistsException.class);
        assertThat(stored()).isEqualTo(8);
    }

    @Test
    void versionedUpdateThatWasAppliedIsASuccessWithItsOwnVersion() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersWrite(2));

        assertThat(run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L))).isEqualTo(2);
        assertThat(stored()).isEqualTo(4);
    }

    @Test
    void updateIsRecognisedBehindProgramsThatKnowNoMarks() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> IntStream.range(0, 9).forEach(i -> foreignWrite()));

        assertThat(run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L))).isEqualTo(2);
        assertThat(stored()).isEqualTo(11);
    }

    @Test
    void updateWhoseMarkMayHaveBeenPushedOutIsUnknown() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> othersWrite(3));

        assertThatThrownBy(() -> run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L)))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContainingAll(table, key.toString())
                .hasCauseInstanceOf(software.amazon.awssdk.core.exception.SdkException.class);
        assertThat(stored()).isEqualTo(5);
    }

    @Test
    void updateThatWasLostOnItsWayIsAConflictIfAnotherCameFirst() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(DROP);
        http.between(() -> othersWrite(1));

        assertThatThrownBy(() -> run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.actual())
                        .isEqualTo(2));
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteCall.Kind.class,
            names = {"UPDATE", "PUT"})
    void writeWithoutVersionIsAppliedOnceThoughOthersCameInBetween(WriteCall.Kind kind) {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> {
            othersWrite(2);
            foreignWrite();
        });

        assertThat(run(store, write(kind))).isEqualTo(2);
        assertThat(stored()).isEqualTo(5);
    }

    @Test
    void fencedWriteThatWasAppliedIsASuccessThoughALaterHolderHasWrittenSince() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(
                () -> run(others, write(WriteCall.Kind.UPDATE).value("later").fencingToken(8L)));

        assertThat(run(store, write(WriteCall.Kind.UPDATE).fencingToken(7L))).isEqualTo(2);
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void fencedWriteThatWasLostOnItsWayIsRefusedIfALaterHolderCameFirst() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(DROP);
        http.between(
                () -> run(others, write(WriteCall.Kind.UPDATE).value("later").fencingToken(8L)));

        assertThatThrownBy(() -> run(store, write(WriteCall.Kind.UPDATE).fencingToken(7L)))
                .isInstanceOf(LockLostException.class);
        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void deleteWhoseRepetitionFindsNothingIsDone() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);

        store.execute(Call.delete(key).expectedVersion(1L).build()).join();

        assertThat(item()).isEmpty();
    }

    @Test
    void deleteWhoseRepetitionFindsAnotherVersionIsUnknown() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> {
            run(others, write(WriteCall.Kind.CREATE));
            othersWrite(1);
        });

        assertThatThrownBy(() -> run(store, Call.delete(key).expectedVersion(1L)))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void deleteThatWasOnlyThrottledBeforeIsRefusedForWhatItIs() {
        run(others, write(WriteCall.Kind.CREATE));
        othersWrite(1);
        plan.next(THROTTLE, THROTTLE);

        assertThatThrownBy(() -> run(store, Call.delete(key).expectedVersion(1L)))
                .isInstanceOf(VersionConflictException.class);
    }

    @Test
    void deleteThatWasThrottledAndLostIsUnknown() {
        run(others, write(WriteCall.Kind.CREATE));
        othersWrite(1);
        plan.next(THROTTLE, LOSE_RESPONSE);

        assertThatThrownBy(() -> run(store, Call.delete(key).expectedVersion(1L)))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void updateIsRecognisedBehindTheReplacementOfItsExpiredItem() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> {
            expire();
            run(others, write(WriteCall.Kind.CREATE));
        });

        assertThat(run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L))).isEqualTo(2);
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void updateOfAnItemThatHasGoneMeanwhileIsUnknown() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(LOSE_RESPONSE);
        http.between(() -> run(others, Call.delete(key)));

        assertThatThrownBy(() -> run(store, write(WriteCall.Kind.UPDATE).expectedVersion(1L)))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void repetitionOfAnUnknownWriteRecognisesItself() {
        run(others, write(WriteCall.Kind.CREATE));
        plan.next(IntStream.range(0, 20).mapToObj(i -> LOSE_RESPONSE).toArray(Fault[]::new));
        OutcomeUnknownException unknown = unknown(write(WriteCall.Kind.UPDATE));
        plan.next();

        assertThat(run(others, write(WriteCall.Kind.UPDATE).idempotencyToken(unknown.idempotencyToken())))
                .isEqualTo(2);
        assertThat(run(others, write(WriteCall.Kind.UPDATE).value("else").idempotencyToken(unknown.idempotencyToken())))
                .isEqualTo(3);
    }

    private OutcomeUnknownException unknown(Call.Builder<?> call) {
        try {
            run(store, call);
            throw new AssertionError("the response came");
        } catch (OutcomeUnknownException unknown) {
            return unknown;
        }
    }

    private WriteCall.Builder write(WriteCall.Kind kind) {
        return WriteCall.builder(kind).key(key).value("mine");
    }

    private long run(DynaStore on, Call.Builder<?> call) {
        try {
            Outcome outcome = on.execute(call.build()).join();
            return outcome instanceof Outcome.Written written && written.version() != null ? written.version() : 0;
        } catch (CompletionException e) {
            throw e.getCause() instanceof DynaStoreException refusal ? refusal : e;
        }
    }

    private void othersWrite(int times) {
        IntStream.range(0, times).forEach(i -> run(others, Call.update(key, "theirs" + i)));
    }

    /** As dynastorev2 does: the version grows by one, attributes that it doesn't know stay. */
    private void foreignWrite() {
        dynamo.client()
                .updateItem(update -> update.tableName(table)
                        .key(attributes())
                        .updateExpression("ADD version :one SET payload = :payload")
                        .expressionAttributeValues(
                                Map.of(":one", AttributeValue.fromN("1"), ":payload", AttributeValue.fromS("foreign"))))
                .join();
    }

    /** As if its time had come. */
    private void expire() {
        dynamo.client()
                .updateItem(update -> update.tableName(table)
                        .key(attributes())
                        .updateExpression("SET expires = :past")
                        .expressionAttributeValues(Map.of(":past", AttributeValue.fromN("1"))))
                .join();
    }

    private Map<String, AttributeValue> attributes() {
        return Map.of(
                "id", AttributeValue.fromS(key.partitionKey().toString()),
                "name", AttributeValue.fromS(String.valueOf(key.sortKey())));
    }

    private Map<String, AttributeValue> item() {
        return dynamo.rawGet(table, attributes());
    }

    private long stored() {
        AttributeValue version = item().get("version");
        return version == null ? 0 : Long.parseLong(version.n());
    }
}
