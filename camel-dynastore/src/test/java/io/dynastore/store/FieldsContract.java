/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

abstract class FieldsContract extends StoreContract {

    FieldsContract(Service service) {
        super(service);
    }

    @Test
    void updateSetsGivenFieldsRemovesNullOnesAndKeepsTheOthers() {
        table.write(Call.create(key, "p").fields(Map.of("kept", "k", "changed", "old", "removed", "r")));

        table.write(Call.update(key, "p").fields(change("changed", "new", "removed", null, "added", 5)));

        assertThat(table.item(key).fields()).isEqualTo(Map.of("kept", "k", "changed", "new", "added", 5L));
    }

    @Test
    void removingFieldThatIsNotThereIsNoError() {
        table.write(Call.create(key, "p").fields(change("absent", null)));
        assertThat(table.item(key).fields()).isEmpty();

        table.write(Call.update(key, "p").expectedVersion(1L).fields(change("absent", null)));
        table.write(Call.put(key, "p").fields(change("absent", null, "other", null)));
        assertThat(table.item(key).fields()).isEmpty();
        assertThat(table.item(key).version()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a[0]", "a b", "#a", ":a", "size", "ä€😀", "a.b[1].c", "_d", "ds_"})
    void nameMayBeAnything(String name) {
        table.write(Call.create(key, "p").fields(Map.of(name, "1")));
        assertThat(table.raw(key)).containsEntry(name, s("1"));

        table.write(Call.update(key, "p").fields(Map.of(name, "2")));
        assertThat(table.raw(key)).containsEntry(name, s("2"));

        table.write(Call.put(key, "p").fields(change(name, null)));
        assertThat(table.raw(key)).doesNotContainKey(name);
    }

    @Test
    void moreFieldsThanTheStoreKeepsTextsForAreSetAndRemoved() {
        Map<String, @Nullable Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 30; i++) {
            many.put("f" + i, i);
        }
        table.write(Call.put(key, "p").fields(many));
        table.write(Call.put(key, "p").fields(many));
        assertThat(table.item(key).fields()).hasSize(30).containsEntry("f29", 29L);

        many.replaceAll((name, value) -> name.endsWith("0") ? value : null);
        table.write(Call.update(key, "p").fields(many));
        assertThat(table.item(key).fields()).isEqualTo(Map.of("f0", 0L, "f10", 10L, "f20", 20L));
    }

    @Test
    void fieldsHoldEveryType() {
        Map<String, Object> fields = Map.of("list", List.of("a", 1L, true), "map", Map.of("x", List.of()));

        table.write(Call.create(key, "p").fields(fields));

        assertThat(table.item(key).fields()).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "version", "expires", "payload", "_ds", "_dsWrite"})
    void reservedNameIsRefusedByEveryWrite(String name) {
        table.write(Call.create(key, "p"));
        Map<?, ?> before = table.rawWhole(key);

        for (WriteCall.Kind kind : WriteCall.Kind.values()) {
            assertThatThrownBy(() -> table.run(
                            WriteCall.builder(kind).key(key).value("x").fields(Map.of(name, "SECRET"))))
                    .isInstanceOfSatisfying(ReservedFieldException.class, refused -> assertThat(refused.field())
                            .isEqualTo(name))
                    .hasMessageContainingAll(table.schema.table(), key.toString(), "'" + name + "'", "Rename")
                    .hasMessageNotContaining("SECRET");
        }
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "_dsX"})
    void reservedNameIsRefusedForRemovalToo(String name) {
        table.write(Call.create(key, "p"));

        assertThatThrownBy(() -> table.run(Call.update(key, "x").fields(change(name, null))))
                .isInstanceOf(ReservedFieldException.class);
    }

    @ParameterizedTest
    @EnumSource
    void emptyNameIsRefused(WriteCall.Kind kind) {
        assertThatThrownBy(() -> table.run(WriteCall.builder(kind).key(key).fields(Map.of("", "x"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "empty name");
        assertThat(table.raw(key)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nameWithHalfASurrogatePairIsRefused(WriteCall.Kind kind) {
        assertThatThrownBy(() -> table.run(WriteCall.builder(kind).key(key).fields(Map.of("half\uD83D", "x"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "surrogate");
        assertThat(table.raw(key)).isEmpty();
    }

    private static Map<String, @Nullable Object> change(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> change = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            change.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return change;
    }
}
