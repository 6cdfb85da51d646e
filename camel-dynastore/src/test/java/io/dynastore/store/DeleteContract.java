/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

abstract class DeleteContract extends StoreContract {

    DeleteContract(Service service) {
        super(service);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deleteRemovesLiveItem(boolean mustExist) {
        table.write(Call.create(key, "hello"));

        Outcome deleted = table.run(Call.delete(key).mustExist(mustExist));

        assertThat(deleted).isInstanceOfSatisfying(Outcome.Deleted.class, outcome -> assertThat(outcome.key())
                .isEqualTo(key));
        assertThat(deleted.consumedCapacity()).isPositive();
        assertThat(table.raw(key)).isEmpty();
    }

    @Test
    void deleteOfAbsentItemIsRefused() {
        assertThatThrownBy(() -> table.run(Call.delete(key)))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "mustExist=false");
    }

    @Test
    void deleteOfExpiredItemIsRefusedAndLeavesIt() {
        table.rawPutExpired(key);

        assertThatThrownBy(() -> table.run(Call.delete(key))).isInstanceOf(KeyNotFoundException.class);
        assertThat(table.raw(key)).containsEntry("payload", s("old"));
    }

    @Test
    void absentItemNeedNotExist() {
        assertThat(table.run(Call.delete(key).mustExist(false))).isInstanceOf(Outcome.Deleted.class);
        assertThat(table.run(Call.delete(key).mustExist(false).expectedVersion(3L)))
                .isInstanceOf(Outcome.Deleted.class);
        assertThat(table.run(Call.delete(key).mustExist(false).expectedVersion(0L)))
                .isInstanceOf(Outcome.Deleted.class);
    }

    @Test
    void expiredItemNeedNotExist() {
        table.rawPutExpired(key);

        assertThat(table.run(Call.delete(key).mustExist(false))).isInstanceOf(Outcome.Deleted.class);
        assertThat(table.run(Call.delete(key).mustExist(false).expectedVersion(7L)))
                .isInstanceOf(Outcome.Deleted.class);
    }

    @Test
    void deleteTakesTheExpectedVersion() {
        table.write(Call.create(key, "hello"));

        table.run(Call.delete(key).expectedVersion(1L));

        assertThat(table.raw(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deleteRefusesAnotherVersionWhetherOrNotItMustExist(boolean mustExist) {
        table.write(Call.create(key, "hello"));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.delete(key).mustExist(mustExist).expectedVersion(2L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(2);
                    assertThat(conflict.actual()).isEqualTo(1);
                })
                .hasMessageContainingAll(table.schema.table(), key.toString());
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void expectedVersionOfAbsentOrExpiredItemIsNotFound() {
        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(7L)))
                .isInstanceOf(KeyNotFoundException.class);

        table.rawPutExpired(key);
        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(7L)))
                .isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(6L)))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(table.raw(key)).isNotEmpty();
    }

    @Test
    void versionZeroDeletesOnlyItemWithoutVersion() {
        table.rawPut(key, Map.of("payload", s("by hand")));

        table.run(Call.delete(key).expectedVersion(0L));
        assertThat(table.raw(key)).isEmpty();

        table.write(Call.create(key, "hello"));
        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(0L)))
                .isInstanceOf(VersionConflictException.class);
        assertThat(table.raw(key)).isNotEmpty();
    }
}
