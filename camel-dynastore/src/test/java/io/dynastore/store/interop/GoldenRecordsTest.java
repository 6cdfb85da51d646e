/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import io.dynastore.test.DynamoDbExtension;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Go struct and a Java record with the same field names are the same document. */
class GoldenRecordsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static GoldenTables tables;

    /** The Go struct's fields are exported, so that they begin with capitals. */
    record Customer(
            @JsonProperty("ID") String id,
            @JsonProperty("Name") String name,
            @JsonProperty("Created") Instant created) {}

    record Inner(
            @JsonProperty("A") int a,
            @JsonProperty("B") @Nullable List<String> b) {}

    /** Part of a struct with tags: what the record does not name is left alone. */
    record Tagged(
            String id,
            @JsonProperty("BaseField") String base,
            Set<String> tags,
            Set<Integer> nums,
            Inner inner,
            Instant when,
            Instant unix,
            double f,
            String str,
            @Nullable Inner ptr) {}

    @BeforeAll
    static void makeTables() {
        tables = new GoldenTables(dynamo);
    }

    static Stream<Arguments> structs() {
        Instant then = Instant.parse("2025-01-02T03:04:05.678Z");
        return Stream.of(
                Arguments.of("create-struct-json-tags", new Customer("c1", "Stax", then)),
                Arguments.of("create-struct-zero", new Customer("", "", Instant.parse("0001-01-01T00:00:00Z"))),
                Arguments.of("create-struct-ptr", new Inner(1, null)),
                Arguments.of("create-time", then));
    }

    @ParameterizedTest
    @MethodSource("structs")
    void recordIsStoredAsStructAndReadBack(String id, Object value) {
        GoldenStep step = GoldenStep.named(id);

        create(step, value);

        assertThat(tables.item(step)).isEqualTo(step.itemAfter(GoldenTables.NOW));
        assertThat(read(step, value.getClass())).isEqualTo(value);
    }

    @Test
    void timeWithOffsetIsStoredWithItsOffset() {
        GoldenStep step = GoldenStep.named("create-time-offset");

        create(step, OffsetDateTime.parse("2025-01-02T13:04:05.678+10:00"));

        assertThat(tables.item(step)).isEqualTo(step.itemAfter(GoldenTables.NOW));
        assertThat(read(step, Instant.class)).isEqualTo(Instant.parse("2025-01-02T03:04:05.678Z"));
    }

    @Test
    void structWithSetsIsReadAsRecord() {
        GoldenStep step = GoldenStep.named("create-struct-dynamodbav");
        tables.restore(step);

        assertThat(read(step, Tagged.class))
                .isEqualTo(new Tagged(
                        "t1",
                        "base",
                        Set.of("x", "y"),
                        Set.of(1, 2),
                        new Inner(1, List.of("z")),
                        Instant.parse("2025-01-02T03:04:05.678Z"),
                        Instant.parse("2025-01-02T03:04:05Z"),
                        2.5,
                        "7",
                        null));
    }

    private static void create(GoldenStep step, Object value) {
        Replayed.execute(tables.store(step, null), Call.create(step.key(), value));
    }

    private static @Nullable Object read(GoldenStep step, Class<?> type) {
        Outcome.Read read = Replayed.execute(tables.store(step, type), Call.get(step.key()));
        return Objects.requireNonNull(read.item()).payload();
    }
}
