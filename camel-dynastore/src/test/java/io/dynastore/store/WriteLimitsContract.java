/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an item can't hold or an update can't name: versions beyond the greatest, more fields than 4 KB name. */
abstract class WriteLimitsContract extends StoreContract {

    private static final String GREATEST = Long.toString(Long.MAX_VALUE);

    WriteLimitsContract(Service service) {
        super(service);
    }

    static Stream<String> lastVersions() {
        return Stream.of(GREATEST, "9223372036854775808", "1E+60");
    }

    @ParameterizedTest
    @MethodSource("lastVersions")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void writesWithoutAnExpectedVersionLeaveAnItemAtTheGreatestVersionAsItIs(String version) {
        Map<String, AttributeValue> before = given(version);

        for (boolean exactlyOnce : new boolean[] {false, true}) {
            refused(Call.put(key, "new").exactlyOnce(exactlyOnce));
            refused(Call.update(key, "new").exactlyOnce(exactlyOnce));
            refused(Call.update(key, "new").exactlyOnce(exactlyOnce).returnVersion(false));
        }
        for (Write write : List.of(Write.put(key, "new"), Write.update(key, "new"))) {
            TransactionFailedException failed = catchThrowableOfType(
                    TransactionFailedException.class, () -> table.run(Call.transact(List.of(write))));
            assertThat(failed.reasons().get(0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("greatest version");
        }
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void itemBeforeTheGreatestVersionIsWrittenOnceMore() {
        given(Long.toString(Long.MAX_VALUE - 1));

        assertThat(table.write(Call.put(key, "new")).version()).isEqualTo(Long.MAX_VALUE);
        assertThat(table.item(key).payload()).isEqualTo("new");
        refused(Call.put(key, "newer"));
        assertThat(table.item(key).payload()).isEqualTo("new");
    }

    @Test
    void itemAtTheGreatestVersionCanBeDeletedWithoutAnExpectedVersion() {
        given(GREATEST);

        table.run(Call.delete(key));

        assertThat(table.rawWhole(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 3000})
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void putOfANewItemTakesMoreFieldsThanAnUpdateCanNameInATransactionToo(int count) {
        Key other = Key.of(key.partitionKey(), "other");

        table.run(Call.transact(List.of(Write.put(key, "new").fields(fields(count)), Write.create(other, "o"))));
        assertThat(table.raw(key)).hasSize(count + 4).containsEntry("version", n(1));

        Key once = Key.of(key.partitionKey(), "once");
        Outcome.Written written =
                table.write(Call.put(once, "new").fields(fields(count)).exactlyOnce(true));
        assertThat(written.version()).isEqualTo(1);
        assertThat(table.raw(once)).hasSize(count + 4).containsEntry("version", n(1));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void putOverAnExpiredItemTakesMoreFieldsThanAnUpdateCanNameInATransactionToo() {
        table.rawPut(key, Map.of("version", n(7), "expires", n(SECOND - 1), "payload", s("old")));

        table.run(Call.transact(List.of(Write.put(key, "new").fields(fields(600)))));

        assertThat(table.raw(key)).hasSize(604).containsEntry("version", n(8)).containsEntry("payload", s("new"));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void putOfALiveItemWithMoreFieldsThanAnUpdateCanNameFailsItsTransaction() {
        Map<String, AttributeValue> before = given("3");

        TransactionFailedException failed = catchThrowableOfType(
                TransactionFailedException.class,
                () -> table.run(Call.transact(List.of(Write.put(key, "new").fields(fields(600))))));

        assertThat(failed.reasons().get(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "600 extra fields");
        assertThatThrownBy(
                        () -> table.run(Call.put(key, "new").fields(fields(600)).exactlyOnce(true)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("600 extra fields");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    private static Map<String, @Nullable Object> fields(int count) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        for (int i = 0; i < count; i++) {
            fields.put("field-" + i, 1);
        }
        return fields;
    }

    private Map<String, AttributeValue> given(String version) {
        table.rawPut(key, Map.of("version", AttributeValue.fromN(version), "payload", s("old")));
        return table.rawWhole(key);
    }

    private void refused(Call.Builder<Outcome.Written> call) {
        assertThatThrownBy(() -> table.write(call))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "greatest version", "delete the item");
    }
}
