/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
        table.write(Calls.create(key, "before"));
        Map<?, ?> before = table.rawWhole(key);

        for (Operation operation : List.of(Operation.CREATE, Operation.PUT, Operation.UPDATE)) {
            assertThatThrownBy(() -> table.run(Call.of(operation).key(key).value(value)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), key.toString())
                    .hasMessageNotContaining("SECRET")
                    .message()
                    .hasSizeLessThan(500);
        }
        assertThatThrownBy(() -> table.run(Calls.update(key, "p").fields(Map.of("field", value))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString());
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void updateThatMakesTheItemTooLargeIsRefusedInTheSameWordsThoughOnlyTheServiceKnows() {
        table.write(Calls.create(key, "p").fields(Map.of("big", "x".repeat(300 * 1024))));
        Map<?, ?> before = table.rawWhole(key);

        assertThatThrownBy(() -> table.run(Calls.update(key, "SECRET".repeat(20 * 1024))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "400 KB")
                .hasMessageNotContaining("SECRET")
                .hasCauseInstanceOf(DynamoDbException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"CREATE", "PUT", "GET", "EXISTS", "UPDATE", "DELETE"})
    void badKeyIsRefusedBeforeAnythingIsSent(Operation operation) {
        String huge = "x".repeat(2049);
        for (Call.Builder call : List.of(
                Call.of(operation),
                Call.of(operation).partitionKey("p"),
                Call.of(operation).partitionKey("").sortKey("a"),
                Call.of(operation).partitionKey("p").sortKey(""),
                Call.of(operation).partitionKey(1).sortKey("a"),
                Call.of(operation).partitionKey("p").sortKey(new byte[] {1}),
                Call.of(operation).partitionKey(huge).sortKey("a"),
                Call.of(operation).partitionKey("p").sortKey("x".repeat(1025)),
                Call.of(operation).partitionKey(new Object()).sortKey("a"))) {
            assertThatThrownBy(() -> table.run(call))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(table.schema.table());
        }
    }

    @Test
    void longestKeysAreTaken() {
        Key longest = Key.of("x".repeat(2048), "y".repeat(1024));

        table.write(Calls.create(longest, "p"));

        assertThat(table.item(longest).key()).isEqualTo(longest);
    }

    @Test
    void messageEscapesControlCharactersOfTheKey() {
        Key strange = Key.of(key.partitionKey() + "\n\u0000\u2028", "a\u001b[2J");

        assertThatThrownBy(() -> table.run(Calls.get(strange)))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContaining("\\u000a\\u0000\\u2028, a\\u001b[2J]")
                .message()
                .doesNotContain("\n", "\u0000", "\u2028", "\u001b");
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"LOCK", "RENEW", "UNLOCK"})
    void lockIsRefusedWithTheWayToLocks(Operation operation) {
        assertThatThrownBy(() -> table.run(Call.of(operation).key(key)))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .contains(operation.text(), "io.dynastore.lease.Locks");
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LOCK", "RENEW", "UNLOCK"})
    void missingTableIsTheServicesOwnError(Operation operation) {
        DynaStore nowhere = DynaStore.builder(dynamo.client(), TableSchema.named("no-such-table"))
                .build();

        assertThatThrownBy(() -> StoreFixture.run(
                        nowhere,
                        Call.of(operation)
                                .key(key)
                                .writes(List.of(Write.delete(key)))
                                .keys(List.of(key))
                                .value("p")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void callIsRefusedWhoseOptionsContradict() {
        @Nullable Long none = null;
        assertThat(Calls.get(key).expectedVersion(none).build().expectedVersion())
                .isNull();
        assertThatThrownBy(() -> Calls.update(key, "p").expectedVersion(-1L).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> Calls.list("p").limit(0).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("limit");
        assertThatThrownBy(() ->
                        Calls.list("p").sortKeyPrefix("a").sortKeyFrom("a").build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not both");
        assertThatThrownBy(
                        () -> Calls.list("p").sortKeyPrefix("a").sortKeyTo("a").build())
                .isInstanceOf(InvalidInputException.class);
    }
}
