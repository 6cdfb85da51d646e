/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class PutContract extends StoreContract {

    PutContract(Service service) {
        super(service);
    }

    @Test
    void putCreatesAbsentItem() {
        Outcome.Written written = table.write(Call.put(key, "hello"));

        assertThat(written.version()).isEqualTo(1);
        assertThat(written.consumedCapacity()).isPositive();
        assertThat(table.raw(key))
                .isEqualTo(Map.of(
                        "id",
                        s(key.partitionKey().toString()),
                        "name",
                        s("a"),
                        "version",
                        n(1),
                        "payload",
                        s("hello")));
    }

    @Test
    void putUpdatesLiveItemAndKeepsItsOtherFieldsAndExpiry() {
        table.write(Call.create(key, "first")
                .expiry(Expiry.after(Duration.ofMinutes(1)))
                .fields(Map.of("kept", "yes", "changed", "old")));

        Outcome.Written written = table.write(Call.put(key, "second").fields(Map.of("changed", "new")));

        assertThat(written.version()).isEqualTo(2);
        assertThat(table.raw(key))
                .containsEntry("payload", s("second"))
                .containsEntry("version", n(2))
                .containsEntry("expires", n(SECOND + 60))
                .containsEntry("kept", s("yes"))
                .containsEntry("changed", s("new"));
    }

    @Test
    void putReplacesExpiredItemWhole() {
        table.rawPutExpired(key);

        Outcome.Written written = table.write(Call.put(key, "new").expiry(Expiry.after(Duration.ofSeconds(5))));

        assertThat(written.version()).isEqualTo(8);
        assertThat(written.expires()).isEqualTo(Instant.ofEpochSecond(SECOND + 5));
        assertThat(table.raw(key))
                .isEqualTo(Map.of(
                        "id",
                        s(key.partitionKey().toString()),
                        "name",
                        s("a"),
                        "version",
                        n(8),
                        "payload",
                        s("new"),
                        "expires",
                        n(SECOND + 5)));
    }

    @Test
    void putCountsOnFromItemWithoutVersion() {
        table.rawPut(key, Map.of("payload", s("by hand")));

        assertThat(table.write(Call.put(key, "x")).version()).isEqualTo(1);
        assertThat(table.raw(key)).containsEntry("version", n(1));
    }

    @Test
    void putWithExpectedVersionIsAnUpdate() {
        assertThatThrownBy(() -> table.run(Call.put(key, "x").expectedVersion(1L)))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(table.raw(key)).isEmpty();

        table.write(Call.create(key, "first"));
        assertThat(table.write(Call.put(key, "second").expectedVersion(1L)).version())
                .isEqualTo(2);
    }

    @Test
    void putRefusesAnotherVersion() {
        table.write(Call.create(key, "first"));

        assertThatThrownBy(() -> table.run(Call.put(key, "x").expectedVersion(3L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(3);
                    assertThat(conflict.actual()).isEqualTo(1);
                });
        assertThat(table.raw(key)).containsEntry("payload", s("first")).containsEntry("version", n(1));
    }

    @Test
    void putThatNeedNotTellItsVersionDoesNot() {
        table.write(Call.create(key, "first"));

        assertThat(table.write(Call.put(key, "second").returnVersion(false)).version())
                .isNull();
        assertThat(table.raw(key)).containsEntry("version", n(2));
    }
}
