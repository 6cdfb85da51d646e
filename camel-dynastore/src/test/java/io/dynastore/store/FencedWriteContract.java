/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.LockLostException.Reason;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A write under a lock's token is refused if a later holder has written before it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FencedWriteContract extends StoreContract {

    FencedWriteContract(Service service) {
        super(service);
    }

    static Stream<Function<Key, ConditionalCall.Builder<?>>> writes() {
        return Stream.of(
                key -> Call.put(key, "late"),
                key -> Call.update(key, "late"),
                key -> Call.update(key, "late").expectedVersion(1L),
                key -> Call.delete(key),
                key -> Call.put(key, "late").exactlyOnce(true),
                key -> Call.update(key, "late").exactlyOnce(true),
                key -> Call.delete(key).exactlyOnce(true));
    }

    @ParameterizedTest
    @MethodSource("writes")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void writeOfAnEarlierHolderIsRefused(Function<Key, ConditionalCall.Builder<?>> late) {
        table.run(Call.create(key, "first").fencingToken(8L));
        Map<String, AttributeValue> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(late.apply(key).fencingToken(7L)))
                .isInstanceOfSatisfying(LockLostException.class, lost -> assertThat(lost.reason())
                        .isEqualTo(Reason.TAKEN))
                .hasMessageContainingAll(table.schema.table(), key.toString(), "7", "8", "acquire it again");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("writes")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void writeOfTheSameOrALaterHolderIsApplied(Function<Key, ConditionalCall.Builder<?>> write) {
        table.run(Call.create(key, "first").fencingToken(8L));

        table.run(write.apply(key).fencingToken(8L));
        if (!table.rawWhole(key).isEmpty()) {
            table.run(write.apply(key).expectedVersion(null).fencingToken(9L));
        }

        Map<String, AttributeValue> item = table.rawWhole(key);
        assertThat(item.isEmpty() || n(9).equals(item.get("_dsfence"))).isTrue();
    }

    @Test
    void itemOfBeforeAnyFenceTakesTheFirst() {
        table.run(Call.create(key, "first"));
        table.run(Call.update(key, "second").fencingToken(5L));

        assertThat(table.rawWhole(key)).containsEntry("_dsfence", n(5));
        assertThat(table.item(key).fields()).isEmpty();
    }

    @Test
    void writeWithoutTokenLeavesTheFence() {
        table.run(Call.create(key, "first").fencingToken(5L));
        table.run(Call.update(key, "second"));

        assertThat(table.rawWhole(key)).containsEntry("_dsfence", n(5)).containsEntry("payload", s("second"));
    }

    @ParameterizedTest
    @MethodSource("creations")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void replacementOfAnExpiredItemKeepsTheFence(Function<Key, ConditionalCall.Builder<?>> creation) {
        expired(8);
        assertThatThrownBy(() -> table.run(creation.apply(key).fencingToken(7L)))
                .isInstanceOf(LockLostException.class);
        assertThat(table.raw(key)).containsEntry("payload", s("old"));

        table.run(creation.apply(key));
        assertThat(table.rawWhole(key)).containsEntry("_dsfence", n(8));
    }

    static Stream<Function<Key, ConditionalCall.Builder<?>>> creations() {
        return Stream.of(key -> Call.create(key, "new"), key -> Call.put(key, "new"), key -> Call.put(key, "new")
                .exactlyOnce(true));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionOfAnEarlierHolderIsRefused() {
        Key other = Key.of(key.partitionKey(), "b");
        table.run(Call.create(key, "first").fencingToken(8L));

        assertThatThrownBy(() -> table.run(Call.transact(List.of(Write.put(other, "late"), Write.update(key, "late")))
                        .fencingToken(7L)))
                .isInstanceOfSatisfying(
                        TransactionFailedException.class,
                        failed -> assertThat(failed.reasons()).last().isInstanceOf(LockLostException.class));
        assertThat(table.rawWhole(other)).isEmpty();
        table.run(Call.transact(List.of(Write.put(other, "good"), Write.update(key, "good")))
                .fencingToken(8L));
        assertThat(table.rawWhole(other)).containsEntry("_dsfence", n(8));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionThatDemandsALockIsRefusedWhenAnotherHoldsIt() {
        Key lock = Key.of(key.partitionKey(), "lock");
        table.rawPut(
                lock,
                Map.of(
                        "version",
                        n(12),
                        "_dslock",
                        n(1),
                        "_dsfence",
                        n(10),
                        "_dsholder",
                        s("id"),
                        "_dsowner",
                        s("them")));

        assertThatThrownBy(() -> table.run(Call.transact(List.of(Write.put(key, "late"), Write.holds(lock, 9)))))
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .last()
                        .isInstanceOfSatisfying(LockLostException.class, lost -> assertThat(lost.owner())
                                .isEqualTo("them")));
        assertThat(table.rawWhole(key)).isEmpty();
        table.run(Call.transact(List.of(Write.put(key, "good"), Write.holds(lock, 10))));
        assertThat(table.raw(key)).containsEntry("payload", s("good"));
    }

    private void expired(long fence) {
        table.rawPut(
                key,
                Map.of(
                        "version",
                        n(7),
                        "expires",
                        n(StoreFixture.SECOND - 1),
                        "payload",
                        s("old"),
                        "_dsfence",
                        n(fence)));
    }
}
