/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What writes do that merge a document into the payload. */
abstract class MergeContract extends StoreContract {

    MergeContract(Service service) {
        super(service);
    }

    @Test
    void membersAreSetNullRemovesOneAndAllOthersStay() {
        table.write(
                Call.create(key, Map.of("kept", 1, "changed", 2, "removed", 3)).fields(Map.of("field", "f")));

        Outcome.Written written = table.write(merge(map("changed", "two", "removed", null, "added", List.of(1, 2))));

        assertThat(written.version()).isEqualTo(2);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("kept", 1L, "changed", "two", "added", List.of(1L, 2L)));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("field", "f"));
    }

    @Test
    void documentsWithinAreMergedInTheSameWay() {
        table.write(Call.create(
                key, Map.of("a", Map.of("b", Map.of("kept", 1, "gone", 2), "kept", 3), "x.y", Map.of("z", 0))));

        table.write(merge(
                map("a", map("b", map("gone", null, "new", 4), "c", map("deep", map("e", 5))), "x.y", map("z", 6))));

        assertThat(table.item(key).payload())
                .isEqualTo(Map.of(
                        "a",
                        Map.of("b", Map.of("kept", 1L, "new", 4L), "kept", 3L, "c", Map.of("deep", Map.of("e", 5L))),
                        "x.y",
                        Map.of("z", 6L)));
        assertThat(table.item(key).version()).isEqualTo(2);
    }

    @Test
    void missingDocumentIsCreatedWithoutItsNulls() {
        table.rawPut(key, Map.of("field", s("f")));

        table.write(merge(map("a", map("b", 1, "c", null), "d", map("e", null), "f", null)));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", Map.of("b", 1L), "d", Map.of()));
    }

    @Test
    void storedNullCountsAsMissing() {
        table.write(Call.create(key, map("address", null)));

        table.write(merge(map("address", map("city", "Bonn"))));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("address", Map.of("city", "Bonn")));
    }

    @Test
    void emptyDocumentChangesNothingButTheVersion() {
        table.write(Call.create(key, Map.of("a", 1)));

        assertThat(table.write(merge(map())).version()).isEqualTo(2);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void absentOrExpiredItemIsStoredWholeByAPut() {
        Call.Builder<Outcome.Written> put =
                Call.put(key, map("a", map("b", 1), "c", null)).payloadMode(PayloadMode.MERGE);
        table.write(put);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", Map.of("b", 1L)));
        table.write(put);
        assertThat(table.item(key).version()).isEqualTo(2);

        table.rawPutExpired(key);
        table.write(put);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", Map.of("b", 1L)));
        assertThat(table.item(key).version()).isEqualTo(8);
        assertThat(table.item(key).fields()).isEmpty();
    }

    @Test
    void createStoresItsValueAsItIs() {
        table.write(Call.create(key, map("a", null)).payloadMode(PayloadMode.MERGE));

        assertThat(table.item(key).payload()).isEqualTo(map("a", null));
    }

    @Test
    void updateOfAnAbsentOrExpiredItemIsRefused() {
        assertThatThrownBy(() -> table.run(merge(map("a", 1)))).isInstanceOf(KeyNotFoundException.class);
        table.rawPutExpired(key);
        Map<?, ?> before = table.rawWhole(key);
        assertThatThrownBy(() -> table.run(merge(map("a", 1)))).isInstanceOf(KeyNotFoundException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "list", "number", "deep.text"})
    void otherValueInTheShapeOfADocumentIsAnErrorAndNothingIsChanged(String path) {
        table.write(Call.create(
                key, Map.of("text", "SECRET", "list", List.of(1), "number", 1, "deep", Map.of("text", "SECRET"))));
        Map<?, ?> before = table.rawWhole(key);
        Map<String, @Nullable Object> body = map("member", 1);
        for (String name : List.of(path.split("\\.")).stream()
                .sorted(java.util.Comparator.reverseOrder())
                .toList()) {
            body = map(name, body);
        }
        Map<String, @Nullable Object> conflicting = new HashMap<>(body);
        conflicting.put("other", 1);

        assertThatThrownBy(() -> table.run(merge(conflicting)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "'payload." + path + "'", "replace")
                .hasMessageNotContaining("SECRET");
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void payloadThatIsNoDocumentIsAnErrorAndSoIsAValueThatIsNone() {
        table.write(Call.create(key, "text"));

        assertThatThrownBy(() -> table.run(merge(map("a", 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "'payload'");
        for (Object none : Arrays.asList("SECRET", 1, List.of(), null)) {
            assertThatThrownBy(() -> table.run(Call.update(key, none).payloadMode(PayloadMode.MERGE)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), key.toString(), "merge")
                    .hasMessageNotContaining("SECRET");
        }
        assertThat(table.item(key).version()).isEqualTo(1);
    }

    @Test
    void jsonTextIsMerged() {
        table.write(Call.create(key, Map.of("a", 1, "b", 2)));

        table.write(Call.update(key, "{\"a\": null, \"c\": {\"d\": 0.10}}")
                .payloadFormat(PayloadFormat.JSON)
                .payloadMode(PayloadMode.MERGE));

        assertThat(table.raw(key))
                .containsEntry(
                        "payload",
                        AttributeValue.fromM(Map.of(
                                "b", n(2), "c", AttributeValue.fromM(Map.of("d", AttributeValue.fromN("0.1"))))));
    }

    @Test
    void versionIsExpectedAsInAnyUpdate() {
        table.write(Call.create(key, Map.of()));

        assertThatThrownBy(() -> table.run(merge(map("a", map("b", 1))).expectedVersion(2L)))
                .isInstanceOf(VersionConflictException.class);
        assertThat(table.write(merge(map("a", map("b", 1))).expectedVersion(1L)).version())
                .isEqualTo(2);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", Map.of("b", 1L)));
    }

    @Test
    void fieldsExpiryAndIncrementsGoWithIt() {
        table.write(Call.create(key, Map.of("n", 1)));

        table.write(merge(map("a", map("b", 1)))
                .fields(Map.of("state", "open"))
                .expiry(Expiry.after(java.time.Duration.ofDays(1)))
                .increments(Map.of("payload.n", 1, "payload.a.c", 2, "views", 3)));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("n", 2L, "a", Map.of("b", 1L, "c", 2L)));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("state", "open", "views", 3L));
        assertThat(table.item(key).expires()).isNotNull();
        assertThatThrownBy(() -> table.run(merge(map("n", 5)).increments(Map.of("payload.n", 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'payload.n'");
    }

    @Test
    void mergesOfDifferentMembersAtTheSameTimeAllLast() {
        table.write(Call.create(key, Map.of()));
        List<CompletableFuture<Outcome.Written>> all = IntStream.range(0, 20)
                .mapToObj(i ->
                        table.store.execute(merge(map("docs", map("m" + i, i))).build()))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(table.item(key).payload()).satisfies(payload -> assertThat(((Map<?, ?>) payload).get("docs"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .hasSize(20));
        assertThat(table.item(key).version()).isEqualTo(21);
    }

    @Test
    void moreThanOneUpdateCanNameIsRefused() {
        table.write(Call.create(key, Map.of("kept", 1)));
        Map<String, @Nullable Object> many = new HashMap<>();
        IntStream.range(0, 600).forEach(i -> many.put("member" + i, i));

        assertThatThrownBy(() -> table.run(merge(many)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "4 KB");
        assertThat(table.item(key).payload()).isEqualTo(Map.of("kept", 1L));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionMergesInTheSameWay() {
        Key other = Key.of(key.partitionKey(), "other");
        table.write(Call.create(key, Map.of("kept", 1)));

        table.run(Call.transact(List.of(
                        Write.update(key, map("a", map("b", 1))),
                        Write.put(other, map("c", map("d", null))),
                        Write.create(Key.of(key.partitionKey(), "new"), "text")))
                .payloadMode(PayloadMode.MERGE));

        assertThat(table.item(key).payload()).isEqualTo(Map.of("kept", 1L, "a", Map.of("b", 1L)));
        assertThat(table.item(other).payload()).isEqualTo(Map.of("c", Map.of()));
    }

    private WriteCall.Builder merge(Map<String, ? extends @Nullable Object> document) {
        return Call.update(key, document).payloadMode(PayloadMode.MERGE);
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}
