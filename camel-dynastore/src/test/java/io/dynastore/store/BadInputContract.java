/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

abstract class BadInputContract extends StoreContract {

    BadInputContract(Service service) {
        super(service);
    }

    static Stream<Object> valuesThatDynamoDbCannotHold() {
        Map<String, Object> loop = new HashMap<>();
        loop.put("SECRET", loop);
        List<Object> ring = new ArrayList<>();
        ring.add(ring);
        return Stream.of(
                Set.of(),
                Map.of("SECRET", Set.of()),
                new BigDecimal("123456789012345678901234567890123456789"),
                new BigDecimal("1E126"),
                new BigDecimal("1E-131"),
                new BigDecimal("10E2147483647"),
                new BigDecimal("1E-2147483647"),
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                loop,
                ring,
                Map.of("", "SECRET"),
                new Object(),
                "x".repeat(400 * 1024));
    }

    @ParameterizedTest
    @MethodSource("valuesThatDynamoDbCannotHold")
    void valueThatDynamoDbCannotHoldIsRefusedByEveryWriteAndChangesNothing(Object value) {
        table.write(Call.create(key, "before"));
        Map<?, ?> before = table.rawWhole(key);

        for (WriteCall.Kind kind : WriteCall.Kind.values()) {
            assertThatThrownBy(() -> table.run(WriteCall.builder(kind).key(key).value(value)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), key.toString())
                    .hasMessageNotContaining("SECRET")
                    .message()
                    .hasSizeLessThan(500);
        }
        assertThatThrownBy(() -> table.run(Call.update(key, "p").fields(Map.of("field", value))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString());
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void updateThatMakesTheItemTooLargeIsRefusedInTheSameWordsThoughOnlyTheServiceKnows() {
        table.write(Call.create(key, "p").fields(Map.of("big", "x".repeat(300 * 1024))));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Call.update(key, "SECRET".repeat(20 * 1024))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "400 KB")
                .hasMessageNotContaining("SECRET")
                .hasCauseInstanceOf(DynamoDbException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    static Stream<Function<Key, Call.Builder<?>>> callsOfOneItem() {
        return Stream.of(
                key -> Call.create(key, "p"),
                key -> Call.put(key, "p"),
                key -> Call.update(key, "p"),
                Call::delete,
                Call::get,
                Call::exists);
    }

    @ParameterizedTest
    @MethodSource("callsOfOneItem")
    void badKeyIsRefusedBeforeAnythingIsSent(Function<Key, Call.Builder<?>> call) {
        String huge = "x".repeat(2049);
        for (Key bad : List.of(
                Key.of("p"),
                Key.of("", "a"),
                Key.of("p", ""),
                Key.of(1, "a"),
                Key.of("p", new byte[] {1}),
                Key.of(huge, "a"),
                Key.of("p", "x".repeat(1025)))) {
            assertThatThrownBy(() -> table.run(call.apply(bad)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(table.schema.table());
        }
    }

    @Test
    void callWithoutKeyIsRefused() {
        for (Call.Builder<?> call : List.of(
                WriteCall.builder(WriteCall.Kind.CREATE),
                WriteCall.builder(WriteCall.Kind.PUT),
                WriteCall.builder(WriteCall.Kind.UPDATE),
                DeleteCall.builder(),
                GetCall.builder(),
                ExistsCall.builder())) {
            assertThatThrownBy(call::build)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("No partition key: give one for operation ");
        }
        assertThatThrownBy(() -> Key.of(new Object(), "a")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> table.run(ListCall.builder()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(table.schema.table());
    }

    @Test
    void longestKeysAreTaken() {
        Key longest = Key.of("x".repeat(2048), "y".repeat(1024));

        table.write(Call.create(longest, "p"));

        assertThat(table.item(longest).key()).isEqualTo(longest);
    }

    @Test
    void messageEscapesControlCharactersOfTheKey() {
        Key strange = Key.of(key.partitionKey() + "\n\u0000\u2028", "a\u001b[2J");

        assertThatThrownBy(() -> table.run(Call.get(strange)))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContaining("\\u000a\\u0000\\u2028, a\\u001b[2J]")
                .message()
                .doesNotContain("\n", "\u0000", "\u2028", "\u001b");
    }

    static Stream<Function<Key, Call.Builder<?>>> callsOfEachOperation() {
        return Stream.concat(
                callsOfOneItem(),
                Stream.of(
                        key -> Call.list(key.partitionKey()),
                        key -> Call.batchGet(List.of(key)),
                        key -> Call.transact(List.of(Write.delete(key))),
                        key -> Call.putAll(List.of(Write.put(key, "p")).iterator()),
                        key -> Call.createAll(List.of(Write.create(key, "p")).iterator()),
                        key -> Call.deleteAll(List.of(Write.delete(key)).iterator())));
    }

    @ParameterizedTest
    @MethodSource("callsOfEachOperation")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void missingTableIsTheServicesOwnError(Function<Key, Call.Builder<?>> call) {
        DynaStore nowhere = DynaStore.builder(dynamo.client(), TableSchema.named("no-such-table"))
                .build();

        assertThatThrownBy(() -> StoreFixture.run(nowhere, call.apply(key)))
                .extracting(error -> error instanceof BulkStoppedException ? error.getCause() : error)
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void eachOperationHasACall() {
        assertThat(callsOfEachOperation().map(call -> call.apply(key).build().operation()))
                .containsExactlyInAnyOrder(Operation.values());
    }

    @Test
    void callIsRefusedWhoseOptionsContradict() {
        @Nullable Long none = null;
        assertThat(Call.put(key, "p").expectedVersion(none).build().expectedVersion())
                .isNull();
        assertThatThrownBy(() -> Call.update(key, "p").expectedVersion(-1L).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> Call.list("p").limit(0).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("limit");
        assertThatThrownBy(
                        () -> Call.list("p").sortKeyPrefix("a").sortKeyFrom("a").build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not both");
        assertThatThrownBy(
                        () -> Call.list("p").sortKeyPrefix("a").sortKeyTo("a").build())
                .isInstanceOf(InvalidInputException.class);
    }
}
