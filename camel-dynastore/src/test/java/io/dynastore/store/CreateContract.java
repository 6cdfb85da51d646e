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

abstract class CreateContract extends StoreContract {

    CreateContract(Service service) {
        super(service);
    }

    @Test
    void createWritesVersionOneAndNothingButWhatWasGiven() {
        Outcome.Written written = table.write(Call.create(key, "hello"));

        assertThat(written.key()).isEqualTo(key);
        assertThat(written.version()).isEqualTo(1);
        assertThat(written.expires()).isNull();
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
    void createWithTtlAndFieldsWritesThem() {
        Outcome.Written written = table.write(Call.create(key, "hello")
                .expiry(Expiry.after(Duration.ofSeconds(20)))
                .fields(Map.of("owner", "jo")));

        assertThat(written.expires()).isEqualTo(Instant.ofEpochSecond(SECOND + 20));
        assertThat(table.raw(key)).containsEntry("expires", n(SECOND + 20)).containsEntry("owner", s("jo"));
    }

    @Test
    void createRefusesKeyOfLiveItem() {
        table.write(Call.create(key, "first"));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.create(key, "SECRET")))
                .isInstanceOf(KeyExistsException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "update")
                .hasMessageNotContaining("SECRET");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void createRefusesKeyOfItemWithoutVersion() {
        table.rawPut(key, Map.of("payload", s("by hand")));

        assertThatThrownBy(() -> table.run(Call.create(key, "x"))).isInstanceOf(KeyExistsException.class);
        assertThat(table.raw(key)).containsEntry("payload", s("by hand")).doesNotContainKey("version");
    }

    @Test
    void createReplacesExpiredItemWhole() {
        table.rawPutExpired(key);

        Outcome.Written written = table.write(Call.create(key, "new").fields(Map.of("owner", "jo")));

        assertThat(written.version()).isEqualTo(8);
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
                        "owner",
                        s("jo")));
    }

    @Test
    void createReplacesExpiredItemWithoutVersion() {
        table.rawPut(key, Map.of("expires", n(SECOND - 1), "payload", s("old")));

        assertThat(table.write(Call.create(key, "new")).version()).isEqualTo(1);
        assertThat(table.raw(key)).containsEntry("payload", s("new")).doesNotContainKey("expires");
    }

    @Test
    void createReplacesExpiredItemAtVersionZero() {
        table.rawPut(key, Map.of("expires", n(SECOND - 1), "version", n(0)));

        assertThat(table.write(Call.create(key, "new")).version()).isEqualTo(1);
    }

    @Test
    void itemThatExpiresThisSecondIsStillLive() {
        table.rawPut(key, Map.of("expires", n(SECOND), "version", n(1)));

        assertThatThrownBy(() -> table.run(Call.create(key, "x"))).isInstanceOf(KeyExistsException.class);

        table.clock.advance(Duration.ofSeconds(1));
        assertThat(table.write(Call.create(key, "x")).version()).isEqualTo(2);
    }

    @Test
    void versionStartsAgainAfterDelete() {
        table.write(Call.create(key, "first"));
        table.write(Call.update(key, "second"));
        table.run(Call.delete(key));

        assertThat(table.write(Call.create(key, "third")).version()).isEqualTo(1);
    }

    @Test
    void createIgnoresAnExpectedVersion() {
        assertThat(table.write(Call.create(key, "x").expectedVersion(5L)).version())
                .isEqualTo(1);
    }
}
