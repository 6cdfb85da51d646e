/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.TransactFixture.key;
import static io.dynastore.store.TransactFixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
abstract class TransactContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final DynamoDbAsyncClient client;
    private TransactFixture table;

    TransactContract(Function<DynamoDbExtension, DynamoDbAsyncClient> client) {
        this.client = client.apply(dynamo);
    }

    @BeforeEach
    void makeTable() {
        table = new TransactFixture(dynamo, client);
    }

    @Test
    void eachWriteDoesWhatItsOperationDoes() {
        table.given("put", 3, "old");
        table.given("update", 4, "old");
        table.given("delete", 5, "old");
        table.given("check", 6, "same");

        assertThat(table.transact(
                        Write.create(key("create"), "new").fields(Map.of("field", "f")),
                        Write.put(key("absent"), "new"),
                        Write.put(key("put"), "new"),
                        Write.update(key("update"), "new").expectedVersion(4L).ttl(Duration.ofMinutes(1)),
                        Write.delete(key("delete")).expectedVersion(5L),
                        Write.check(key("check")).expectedVersion(6L)))
                .containsExactly(1L, null, null, 5L, null, null);

        assertThat(table.stored("create")).isEqualTo("new at 1");
        assertThat(table.raw("create")).containsKeys("field", "_dsw0", "_dsv0");
        assertThat(table.stored("absent")).isEqualTo("new at 1");
        assertThat(table.stored("put")).isEqualTo("new at 4");
        assertThat(table.stored("update")).isEqualTo("new at 5");
        assertThat(table.raw("update"))
                .containsEntry("expires", number(table.clock.instant().getEpochSecond() + 60))
                .containsEntry("_dsv0", number(5));
        assertThat(table.stored("delete")).isEqualTo("none");
        assertThat(table.stored("check")).isEqualTo("same at 6");
    }

    @Test
    void eachFailingWriteIsNamedAndNothingIsChanged() {
        table.given("exists", 1, "old");
        table.given("stale", 7, "old");
        Set<?> before = Set.copyOf(table.all());

        TransactionFailedException failed = catchThrowableOfType(
                TransactionFailedException.class,
                () -> table.transact(
                        Write.create(key("fine"), "SECRET"),
                        Write.create(key("exists"), "SECRET"),
                        Write.update(key("stale"), "SECRET").expectedVersion(6L),
                        Write.delete(key("missing")),
                        Write.check(key("absent")).expectedVersion(2L)));

        assertThat(failed.reasons())
                .extracting(TransactContract::type)
                .containsExactly(
                        null,
                        KeyExistsException.class,
                        VersionConflictException.class,
                        KeyNotFoundException.class,
                        KeyNotFoundException.class);
        assertThat(failed.reasons().get(2)).isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
            assertThat(conflict.expected()).isEqualTo(6);
            assertThat(conflict.actual()).isEqualTo(7);
        });
        assertThat(failed)
                .hasMessageContainingAll(
                        table.name,
                        "nothing was changed",
                        "Write 2 of 5, key [p, exists]",
                        "Write 3 of 5, key [p, stale]: expected version 6, found 7",
                        "Write 4 of 5, key [p, missing]")
                .hasMessageNotContaining("SECRET")
                .hasMessageNotContaining("fine");
        assertThat(Set.copyOf(table.all())).isEqualTo(before);
    }

    @Test
    void oneStaleOfAHundredStopsAll() {
        IntStream.range(0, 100).forEach(i -> table.given("i" + i, i == 37 ? 2 : 1, "old"));
        Set<?> before = Set.copyOf(table.all());

        TransactionFailedException failed = catchThrowableOfType(
                TransactionFailedException.class,
                () -> table.transact(IntStream.range(0, 100)
                        .mapToObj(i -> Write.update(key("i" + i), "new").expectedVersion(1L))
                        .toArray(Write[]::new)));

        assertThat(failed.reasons())
                .hasSize(100)
                .filteredOn(reason -> reason != null)
                .hasSize(1);
        assertThat(failed.reasons().get(37)).isInstanceOf(VersionConflictException.class);
        assertThat(failed).hasMessageContaining("Write 38 of 100, key [p, i37]: expected version 1, found 2");
        assertThat(Set.copyOf(table.all())).isEqualTo(before);
    }

    @Test
    void aHundredWritesAreApplied() {
        assertThat(table.transact(IntStream.range(0, 100)
                        .mapToObj(i -> Write.create(key("i" + i), "new"))
                        .toArray(Write[]::new)))
                .hasSize(100)
                .containsOnly(1L);
        assertThat(table.all()).hasSize(100);
    }

    @Test
    void expiredItemsAreReplacedWholeAndTheirVersionsGoOn() {
        table.givenExpired("create", 7);
        table.givenExpired("put", 9);
        table.given("update", 1, "old");

        assertThat(table.transact(
                        Write.create(key("create"), "new"),
                        Write.put(key("put"), "new"),
                        Write.update(key("update"), "new").expectedVersion(1L)))
                .containsExactly(8L, 10L, 2L);

        assertThat(table.stored("create")).isEqualTo("new at 8");
        assertThat(table.raw("create")).doesNotContainKeys("field", "expires");
        assertThat(table.stored("put")).isEqualTo("new at 10");
        assertThat(table.stored("update")).isEqualTo("new at 2");
    }

    @Test
    void anExpiredItemIsAbsentForUpdateDeleteAndCheck() {
        table.givenExpired("update", 7);
        table.givenExpired("delete", 7);
        table.givenExpired("check", 7);
        table.givenExpired("create", 7);

        assertThatThrownBy(() -> table.transact(
                        Write.create(key("create"), "new"),
                        Write.update(key("update"), "new").expectedVersion(7L),
                        Write.delete(key("delete")),
                        Write.check(key("check"))))
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .extracting(TransactContract::type)
                        .containsExactly(
                                null,
                                KeyNotFoundException.class,
                                KeyNotFoundException.class,
                                KeyNotFoundException.class));
        assertThat(table.stored("create")).isEqualTo("old at 7");
    }

    @Test
    void expectingZeroMeansALiveItemWithoutVersion() {
        table.given("versioned", 1, "old");

        assertThatThrownBy(
                        () -> table.transact(Write.put(key("versioned"), "new").expectedVersion(0L)))
                .isInstanceOf(TransactionFailedException.class)
                .hasMessageContaining("expected version 0, found 1");
    }

    @Test
    void theCallsExpiryIsForWritesThatNameNone() {
        table.run(TransactFixture.transaction(
                        Write.create(key("a"), "new"),
                        Write.create(key("b"), "new").expiry(Expiry.NEVER))
                .expiry(Expiry.after(Duration.ofSeconds(5))));

        assertThat(table.raw("a"))
                .containsEntry("expires", number(table.clock.instant().getEpochSecond() + 5));
        assertThat(table.raw("b")).doesNotContainKey("expires");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "put", "update", "delete"})
    void exactlyOnceRefusesAsThePlainWrite(String operation) {
        table.given("live", 3, "old");
        ConditionalCall.Builder<?> call =
                switch (operation) {
                    case "create" -> Call.create(key("live"), "new");
                    case "put" -> Call.put(key("live"), "new").expectedVersion(2L);
                    case "update" -> Call.update(key("live"), "new").expectedVersion(2L);
                    default -> Call.delete(key("live")).expectedVersion(2L);
                };

        assertThatThrownBy(() -> table.run(call.exactlyOnce(true)))
                .isExactlyInstanceOf(
                        operation.equals("create") ? KeyExistsException.class : VersionConflictException.class)
                .hasMessageContainingAll(table.name, "[p, live]");
        assertThat(table.stored("live")).isEqualTo("old at 3");
    }

    @Test
    void exactlyOnceTellsTheVersionUnlessNobodyAsks() {
        table.given("live", 3, "old");
        WriteCall.Builder put = Call.put(key("live"), "new").exactlyOnce(true);

        assertThat(table.run(put).version()).isEqualTo(4);
        assertThat(table.run(put.returnVersion(false)).version()).isNull();
        assertThat(table.run(put.expectedVersion(5L)).version()).isEqualTo(6);
        assertThat(table.stored("live")).isEqualTo("new at 6");
    }

    @Test
    void exactlyOnceDeletesWhatNeedNotExist() {
        DeleteCall.Builder delete = Call.delete(key("gone")).exactlyOnce(true);

        assertThatThrownBy(() -> table.run(delete)).isExactlyInstanceOf(KeyNotFoundException.class);
        assertThat(table.run(delete.mustExist(false))).isInstanceOf(Outcome.Deleted.class);
        table.givenExpired("gone", 1);
        assertThat(table.run(delete.mustExist(false))).isInstanceOf(Outcome.Deleted.class);
    }

    @Test
    void exactlyOnceReplacesAnExpiredItem() {
        table.givenExpired("old", 7);

        assertThat(table.run(Call.create(key("old"), "new").exactlyOnce(true)).version())
                .isEqualTo(8);
        assertThat(table.stored("old")).isEqualTo("new at 8");
    }

    private static @Nullable Object type(@Nullable Object reason) {
        return reason == null ? null : reason.getClass();
    }
}
