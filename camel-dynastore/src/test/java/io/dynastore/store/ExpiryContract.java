/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.NOW;
import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

abstract class ExpiryContract extends StoreContract {

    ExpiryContract(Service service) {
        super(service);
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S,1", "PT1S,1", "PT1.000000001S,2", "PT1.5S,2", "PT20M,1200"})
    void ttlIsRoundedUpToWholeSeconds(Duration ttl, long seconds) {
        Outcome.Written written = table.write(Call.create(key, "p").expiry(Expiry.after(ttl)));

        assertThat(written.expires()).isEqualTo(Instant.ofEpochSecond(SECOND + seconds));
        assertThat(table.raw(key)).containsEntry("expires", n(SECOND + seconds));
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteCall.Kind.class,
            names = {"UPDATE", "PUT"})
    void expiryIsKeptSetOrRemovedAsTheCallSays(WriteCall.Kind kind) {
        WriteCall.Builder write = WriteCall.builder(kind).key(key).value("p");
        table.write(Call.create(key, "p").expiry(Expiry.after(Duration.ofSeconds(30))));

        assertThat(table.write(write.expiry(Expiry.KEEP)).expires()).isNull();
        assertThat(table.raw(key)).containsEntry("expires", n(SECOND + 30));

        assertThat(table.write(write.expiry(Expiry.after(Duration.ofSeconds(90))))
                        .expires())
                .isEqualTo(Instant.ofEpochSecond(SECOND + 90));
        assertThat(table.raw(key)).containsEntry("expires", n(SECOND + 90));

        assertThat(table.write(write.expiry(Expiry.NEVER)).expires()).isNull();
        assertThat(table.raw(key)).doesNotContainKey("expires").containsEntry("version", n(4));
    }

    @Test
    void versionedUpdateRemovesExpiryAndFieldTogether() {
        table.write(Call.create(key, "p")
                .expiry(Expiry.after(Duration.ofSeconds(30)))
                .fields(Map.of("f", "x")));
        Map<String, @Nullable Object> removal = new HashMap<>();
        removal.put("f", null);

        table.write(
                Call.update(key, "q").expectedVersion(1L).expiry(Expiry.NEVER).fields(removal));

        assertThat(table.item(key)).isEqualTo(new Item(key, "q", 2, null, Map.of()));
    }

    @Test
    void createThatNeverExpiresHasNoExpiry() {
        table.write(Call.create(key, "p").expiry(Expiry.NEVER));

        assertThat(table.raw(key)).doesNotContainKey("expires");
    }

    @Test
    void itemIsAbsentWhenItsLastSecondHasPassed() {
        table.write(Call.create(key, "p").expiry(Expiry.after(Duration.ofSeconds(10))));

        table.clock.set(Instant.ofEpochSecond(SECOND + 10, 999_999_999));
        assertThat(table.run(Call.get(key))).isNotNull();
        table.write(Call.update(key, "still there"));

        table.clock.set(Instant.ofEpochSecond(SECOND + 11));
        assertThatThrownBy(() -> table.run(Call.get(key))).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> table.run(Call.update(key, "x"))).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> table.run(Call.delete(key))).isInstanceOf(KeyNotFoundException.class);
        assertThat(table.page(Call.list(key.partitionKey())).items()).isEmpty();
        assertThat(table.run(Call.batchGet(List.of(key))).items()).isEmpty();
        assertThat(table.write(Call.create(key, "reborn")).version()).isEqualTo(3);
    }

    @Test
    void oneOfManyCreatesReplacesAnExpiredItem() {
        table.rawPutExpired(key);

        List<Object> ends = race(Call.create(key, "p"));

        assertThat(ends)
                .filteredOn(Outcome.Written.class::isInstance)
                .singleElement()
                .extracting("version")
                .isEqualTo(8L);
        assertThat(ends)
                .filteredOn(end -> !(end instanceof Outcome.Written))
                .hasSize(RACERS - 1)
                .allSatisfy(end -> assertThat(end).isInstanceOf(KeyExistsException.class));
        assertThat(table.item(key).version()).isEqualTo(8);
    }

    @Test
    void manyPutsOverAnExpiredItemCountOneByOne() {
        table.rawPutExpired(key);

        List<Object> ends = race(Call.put(key, "p"));

        assertThat(ends).extracting("version").containsExactlyInAnyOrder(8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
        assertThat(table.item(key).version()).isEqualTo(15);
        assertThat(table.item(key).fields()).isEmpty();
    }

    @Test
    void oneOfManyCreatesOfAnAbsentItemWins() {
        List<Object> ends = race(Call.create(key, "p"));

        assertThat(ends).filteredOn(Outcome.Written.class::isInstance).hasSize(1);
        assertThat(ends).filteredOn(KeyExistsException.class::isInstance).hasSize(RACERS - 1);
    }

    @Test
    void oneOfManyUpdatesOfTheSameVersionWins() {
        table.write(Call.create(key, "p"));
        WriteCall.Builder update = Call.update(key, "q").expectedVersion(1L);

        List<Object> ends = race(update);

        assertThat(ends).filteredOn(Outcome.Written.class::isInstance).hasSize(1);
        assertThat(ends).filteredOn(VersionConflictException.class::isInstance).hasSize(RACERS - 1);
        assertThat(table.item(key).version()).isEqualTo(2);
    }

    @Test
    void newIncarnationMayExpireAgain() {
        table.rawPutExpired(key);
        table.write(Call.put(key, "second").expiry(Expiry.after(Duration.ofSeconds(1))));
        table.clock.set(NOW.plusSeconds(2));

        table.write(Call.put(key, "third"));

        assertThat(table.item(key)).isEqualTo(new Item(key, "third", 9, null, Map.of()));
    }

    private static final int RACERS = 8;

    /** What came of as many equal calls that were all under way together: outcomes and errors. */
    private List<Object> race(WriteCall.Builder call) {
        List<CompletableFuture<Object>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(table.store
                    .execute(call.build())
                    .handle((outcome, error) ->
                            error == null ? outcome : Objects.requireNonNullElse(error.getCause(), error)));
        }
        return racers.stream().map(CompletableFuture::join).toList();
    }
}
