/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What writes do that keep the payload and add to numbers. */
abstract class IncrementContract extends StoreContract {

    IncrementContract(Service service) {
        super(service);
    }

    @Test
    void fieldIsAddedToFromWhateverItIs() {
        table.write(Call.create(key, "p").fields(Map.of("views", 40)));

        Outcome.Written written = table.write(keep().increments(Map.of("views", 2, "likes", -1.5)));

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.increments()).isNull();
        assertThat(table.raw(key))
                .containsEntry("views", n(42))
                .containsEntry("likes", AttributeValue.fromN("-1.5"))
                .containsEntry("payload", s("p"));
    }

    @Test
    void newValuesComeBackIfAskedFor() {
        table.write(Call.create(key, Map.of("stats", Map.of("views", 40, "name", "n"))));

        Outcome.Written written = table.write(
                keep().increments(Map.of("payload.stats.views", 2, "total", 7)).returnIncrements(true));
        Outcome.Written expecting = table.write(keep().expectedVersion(2L)
                .increments(Map.of("total", 1))
                .returnIncrements(true)
                .returnVersion(false));

        assertThat(written.increments()).isEqualTo(Map.of("payload.stats.views", 42L, "total", 7L));
        assertThat(expecting.version()).isEqualTo(3);
        assertThat(expecting.increments()).isEqualTo(Map.of("total", 8L));
    }

    @Test
    void memberOfDocumentIsAddedToAndTheRestOfItStays() {
        table.write(Call.create(key, Map.of("stats", Map.of("views", 40, "a.b", 1), "text", "t")));

        table.write(keep().increments(Map.of("payload.stats.views", 2, "payload.stats.a\\.b", 4)));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("stats", Map.of("views", 42L, "a.b", 5L), "text", "t"));
    }

    @Test
    void missingDocumentsAreCreated() {
        table.write(Call.create(key, Map.of("text", "t")));

        table.write(keep().increments(Map.of("payload.stats.views", 2, "payload.stats.likes", 3, "other.deep.n", 4)));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("text", "t", "stats", Map.of("views", 2L, "likes", 3L)));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("other", Map.of("deep", Map.of("n", 4L))));
        assertThat(table.item(key).version()).isEqualTo(2);
    }

    @Test
    void nullCountsAsMissing() {
        table.rawPut(key, Map.of("payload", AttributeValue.fromNul(true), "n", AttributeValue.fromNul(true)));

        table.write(keep().increments(Map.of("payload.views", 2, "n", 3)));

        assertThat(table.raw(key))
                .containsEntry("payload", AttributeValue.fromM(Map.of("views", n(2))))
                .containsEntry("n", n(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload.text", "payload.text.n", "payload.list.n", "field", "field.n", "payload"})
    void otherValueInItsPlaceIsAnErrorAndNothingIsChanged(String path) {
        table.write(
                Call.create(key, Map.of("text", "SECRET", "list", List.of(1))).fields(Map.of("field", "SECRET")));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(keep().increments(Map.of(path, 1, "views", 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "Correct")
                .hasMessageNotContaining("SECRET")
                .satisfies(error -> assertThat(path).startsWith(quoted(error)));
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    private static String quoted(Throwable error) {
        return String.valueOf(error.getMessage()).replaceFirst("(?s).*?stored value at '([^']*)'.*", "$1");
    }

    @Test
    void payloadItselfMayBeANumber() {
        table.write(Call.create(key, 5));

        table.write(keep().increments(Map.of("payload", new BigDecimal("0.25"))));

        assertThat(table.item(key).payload()).isEqualTo(new BigDecimal("5.25"));
    }

    @Test
    void replacedPayloadAndFieldsGoTogetherWithIncrements() {
        table.write(Call.create(key, "old").fields(Map.of("views", 1, "gone", "g")));

        table.write(
                Call.update(key, "new").fields(fields("gone", null, "set", "s")).increments(Map.of("views", 1)));

        assertThat(table.item(key).payload()).isEqualTo("new");
        assertThat(table.item(key).fields()).isEqualTo(Map.of("views", 2L, "set", "s"));
    }

    @Test
    void keptPayloadStaysWithWhatIsSetBesideIt() {
        table.write(Call.create(key, "kept"));

        table.write(keep().fields(Map.of("state", "open")).expiry(Expiry.after(java.time.Duration.ofDays(1))));

        assertThat(table.item(key).payload()).isEqualTo("kept");
        assertThat(table.item(key).fields()).isEqualTo(Map.of("state", "open"));
        assertThat(table.item(key).expires()).isNotNull();
        assertThat(table.item(key).version()).isEqualTo(2);
    }

    @Test
    void absentItemIsCreatedByAPutAndRefusedByAnUpdate() {
        assertThatThrownBy(() -> table.run(keep().increments(Map.of("views", 1))))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(table.raw(key)).isEmpty();

        table.write(put().increments(Map.of("views", 3, "payload.stats.n", 4)));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("stats", Map.of("n", 4L)));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("views", 3L));
        assertThat(table.item(key).version()).isEqualTo(1);
    }

    @Test
    void expiredItemIsReplacedByAPutAndRefusedByAnUpdate() {
        table.rawPutExpired(key);
        assertThatThrownBy(() -> table.run(keep().increments(Map.of("views", 1))))
                .isInstanceOf(KeyNotFoundException.class);

        Outcome.Written written =
                table.write(put().increments(Map.of("views", 3, "payload.n", 4)).returnIncrements(true));

        assertThat(written.increments()).isEqualTo(Map.of("views", 3L, "payload.n", 4L));
        assertThat(table.item(key).payload()).isEqualTo(Map.of("n", 4L));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("views", 3L));
        assertThat(table.item(key).version()).isEqualTo(8);
    }

    @Test
    void createBeginsAtTheGivenNumber() {
        table.write(Call.create(key, "p").increments(Map.of("views", 3, "stats.n", 4)));

        assertThat(table.item(key).payload()).isEqualTo("p");
        assertThat(table.item(key).fields()).isEqualTo(Map.of("views", 3L, "stats", Map.of("n", 4L)));
    }

    @Test
    void expectedVersionIsHeeded() {
        table.write(Call.create(key, "p"));

        assertThatThrownBy(() -> table.run(keep().expectedVersion(2L).increments(Map.of("payload.deep", 1))))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> table.run(keep().expectedVersion(1L).increments(Map.of("payload.deep", 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'payload'");
        assertThat(table.item(key).version()).isEqualTo(1);
    }

    @Test
    void contradictionsAreRefusedBeforeAnythingIsSent() {
        table.write(Call.create(key, "p"));

        refused(Call.update(key, "q").increments(Map.of("payload.n", 1)), "payloadMode=keep");
        refused(Call.update(key, "q").payloadMode(PayloadMode.KEEP), "has no value");
        refused(keep().fields(Map.of("n", 1)).increments(Map.of("n", 1)), "'n'");
        refused(keep().fields(Map.of("n", 1)).increments(Map.of("n.m", 1)), "'n.m'");
        refused(keep().increments(Map.of("a", 1, "a.b", 1)), "'a");
        refused(keep().increments(Map.of("a[0]", 1)), "bracket");
        refused(keep().increments(Map.of("a..b", 1)), "empty name");
        refused(keep().increments(Map.of("", 1)), "empty name");
        refused(keep().increments(Map.of("version", 1)), "version");
        refused(keep().increments(Map.of("_dsx", 1)), "_dsx");
        refused(keep().increments(Map.of("a", Double.NaN)), "finite");
        assertThat(table.item(key).version()).isEqualTo(1);
    }

    private void refused(WriteCall.Builder call, String named) {
        assertThatThrownBy(() -> table.run(call))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), named);
    }

    @Test
    void writersAtTheSameTimeDoNotConflict() {
        table.write(Call.create(key, Map.of()));
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(table.store.execute(
                    keep().increments(Map.of("payload.stats.n", 1, "views", 2)).build()));
        }
        all.forEach(CompletableFuture::join);

        assertThat(table.item(key).payload()).isEqualTo(Map.of("stats", Map.of("n", 40L)));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("views", 80L));
        assertThat(table.item(key).version()).isEqualTo(41);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionAddsInTheSameWay() {
        Key other = Key.of(key.partitionKey(), "other");
        table.write(Call.create(key, Map.of("n", 1)));
        table.write(Call.create(other, "text"));

        assertThatThrownBy(() -> table.run(Call.transact(List.of(
                        Write.keep(key).increments(Map.of("payload.deep.n", 1)),
                        Write.keep(other).increments(Map.of("payload.n", 1))))))
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .satisfiesExactly(first -> assertThat(first).isNull(), second -> assertThat(second)
                                .isInstanceOf(InvalidInputException.class)
                                .hasMessageContaining("'payload'")));
        table.run(Call.transact(List.of(
                Write.keep(key).increments(Map.of("payload.deep.n", 1, "payload.n", 2)),
                Write.put(other, "text").increments(Map.of("n", 4)))));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("n", 3L, "deep", Map.of("n", 1L)));
        assertThat(table.item(other).fields()).isEqualTo(Map.of("n", 4L));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void exactlyOnceReturnsTheNewValuesToo() {
        table.write(Call.create(key, Map.of("n", 1)));

        Outcome.Written written = table.write(keep().exactlyOnce(true)
                .returnIncrements(true)
                .increments(Map.of("payload.n", 1, "payload.deep.m", 5)));

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.increments()).isEqualTo(Map.of("payload.n", 2L, "payload.deep.m", 5L));
    }

    private WriteCall.Builder keep() {
        return Call.update(key, null).payloadMode(PayloadMode.KEEP);
    }

    private WriteCall.Builder put() {
        return Call.put(key, null).payloadMode(PayloadMode.KEEP);
    }

    private static Map<String, @Nullable Object> fields(
            String first, @Nullable Object one, String second, @Nullable Object two) {
        Map<String, @Nullable Object> fields = new java.util.LinkedHashMap<>();
        fields.put(first, one);
        fields.put(second, two);
        return fields;
    }
}
