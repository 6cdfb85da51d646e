/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Ordinary writes leave locks alone, and whole-table reads leave them out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LockItemContract extends StoreContract {

    private static final long VERSION = 1_700_000_000_001L;

    LockItemContract(Service service) {
        super(service);
    }

    static Stream<Arguments> writes() {
        Map<String, Function<Key, Call.Builder<?>>> calls = Map.ofEntries(
                Map.entry("create", key -> Call.create(key, "mine")),
                Map.entry("put", key -> Call.put(key, "mine")),
                Map.entry("put at its version", key -> Call.put(key, "mine").expectedVersion(VERSION)),
                Map.entry("update", key -> Call.update(key, "mine")),
                Map.entry(
                        "update at its version", key -> Call.update(key, "mine").expectedVersion(VERSION)),
                Map.entry("delete", Call::delete),
                Map.entry("delete at its version", key -> Call.delete(key).expectedVersion(VERSION)),
                Map.entry("delete that need not exist", key -> Call.delete(key).mustExist(false)),
                Map.entry("create once", key -> Call.create(key, "mine").exactlyOnce(true)),
                Map.entry("put once", key -> Call.put(key, "mine").exactlyOnce(true)),
                Map.entry("update once", key -> Call.update(key, "mine").exactlyOnce(true)),
                Map.entry("delete once", key -> Call.delete(key).exactlyOnce(true)));
        return calls.entrySet().stream()
                .flatMap(call -> Stream.of(
                        Arguments.of(call.getKey(), call.getValue(), false),
                        Arguments.of(call.getKey() + ", expired", call.getValue(), true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writes")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void ordinaryWriteIsRefused(String name, Function<Key, Call.Builder<?>> call, boolean expired) {
        lock(expired);
        Map<String, AttributeValue> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(call.apply(key)))
                .as(name)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "is a lock", "another key")
                .hasMessageNotContaining("secret");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionIsRefused() {
        lock(false);
        Key other = Key.of(key.partitionKey(), "b");

        assertThatThrownBy(() -> table.run(Call.transact(List.of(Write.put(other, "mine"), Write.put(key, "mine")))))
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .satisfiesExactly(first -> assertThat(first).isNull(), second -> assertThat(second)
                                .isInstanceOf(InvalidInputException.class)
                                .hasMessageContaining("is a lock")));
        assertThat(table.rawWhole(other)).isEmpty();
    }

    @Test
    void lockCanBeReadAndListed() {
        lock(false);

        assertThat(table.item(key).payload()).isEqualTo("secret");
        assertThat(table.page(Call.list(key.partitionKey())).items()).hasSize(1);
    }

    @Test
    void wholeTableLeavesLocksOut() {
        lock(false);
        Key ordinary = Key.of(key.partitionKey(), "b");
        table.run(Call.create(ordinary, "mine"));

        assertThat(table.page(Call.listAll(new Segment(0, 1))).items())
                .extracting(Item::key)
                .contains(ordinary)
                .doesNotContain(key);
    }

    private void lock(boolean expired) {
        table.rawPut(
                key,
                Map.of(
                        table.schema.version(),
                        n(VERSION),
                        table.schema.payload(),
                        s("secret"),
                        table.schema.expires(),
                        n(StoreFixture.SECOND + (expired ? -1 : 1000)),
                        LockAttributes.LOCK,
                        n(1)));
    }
}
