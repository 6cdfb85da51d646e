/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

abstract class UpdateContract extends StoreContract {

    UpdateContract(Service service) {
        super(service);
    }

    @Test
    void updateReplacesPayloadAndAddsOneToVersion() {
        table.write(Call.create(key, Map.of("a", 1, "b", 2)));

        Outcome.Written written = table.write(Call.update(key, Map.of("a", 3)));

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.key()).isEqualTo(key);
        assertThat(written.consumedCapacity()).isPositive();
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", 3L));
        assertThat(table.item(key).version()).isEqualTo(2);
    }

    @Test
    void updateOfAbsentItemIsRefused() {
        assertThatThrownBy(() -> table.run(Call.update(key, "SECRET")))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "put")
                .hasMessageNotContaining("SECRET");
        assertThat(table.raw(key)).isEmpty();
    }

    @Test
    void updateOfExpiredItemIsRefused() {
        table.rawPutExpired(key);
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.update(key, "x"))).isInstanceOf(KeyNotFoundException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void updateWithExpectedVersionTellsTheNextOne() {
        table.write(Call.create(key, "first"));

        assertThat(table.write(Call.update(key, "second").expectedVersion(1L)).version())
                .isEqualTo(2);
        assertThat(table.raw(key)).containsEntry("version", n(2)).containsEntry("payload", s("second"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3})
    void updateRefusesAnotherVersion(long expected) {
        table.write(Call.create(key, "first"));
        table.write(Call.update(key, "second"));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.update(key, "SECRET").expectedVersion(expected)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(expected);
                    assertThat(conflict.actual()).isEqualTo(2);
                })
                .hasMessageContainingAll(
                        table.schema.table(), key.toString(), "expected version " + expected, "found 2")
                .hasMessageNotContaining("SECRET");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void expectedVersionOfAbsentItemIsNotFound(long expected) {
        assertThatThrownBy(() -> table.run(Call.update(key, "x").expectedVersion(expected)))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(table.raw(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 6, 7})
    void expectedVersionOfExpiredItemIsNotFound(long expected) {
        table.rawPutExpired(key);
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.update(key, "x").expectedVersion(expected)))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void versionZeroStandsForItemWithoutVersion() {
        table.rawPut(key, Map.of("payload", s("by hand")));

        assertThatThrownBy(() -> table.run(Call.update(key, "x").expectedVersion(1L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(1);
                    assertThat(conflict.actual()).isZero();
                });
        assertThat(table.write(Call.update(key, "x").expectedVersion(0L)).version())
                .isEqualTo(1);
        assertThat(table.raw(key)).containsEntry("version", n(1)).containsEntry("payload", s("x"));
    }

    @Test
    void storedVersionZeroIsExpectedAsZero() {
        table.rawPut(key, Map.of("version", n(0)));

        assertThat(table.write(Call.update(key, "x").expectedVersion(0L)).version())
                .isEqualTo(1);
    }

    @Test
    void updateThatNeedNotTellItsVersionDoesNot() {
        table.write(Call.create(key, "first"));

        assertThat(table.write(Call.update(key, "second").returnVersion(false)).version())
                .isNull();
        assertThat(table.write(Call.update(key, "third").returnVersion(false).expectedVersion(2L))
                        .version())
                .isEqualTo(3);
    }

    @Test
    void nullIsAPayload() {
        table.write(Call.create(key, "first"));
        table.write(Call.update(key, null));

        assertThat(table.item(key).payload()).isNull();
        assertThat(table.raw(key).get("payload"))
                .satisfies(stored -> assertThat(stored.nul()).isTrue());
    }
}
