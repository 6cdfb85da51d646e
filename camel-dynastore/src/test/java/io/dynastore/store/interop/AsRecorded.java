/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.ReservedFieldException;
import io.dynastore.store.UnreadableItemException;
import io.dynastore.store.VersionConflictException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Asserts that a step came out with us as it did with the Go library: the same response or error, the same item. */
final class AsRecorded {

    private AsRecorded() {}

    static void check(Replayed replayed) {
        GoldenStep step = replayed.step();
        if (step.failed()) {
            checkError(replayed);
        } else {
            checkOutcome(replayed);
        }
        if (step.tellsItem()) {
            assertThat(replayed.after()).isEqualTo(step.itemAfter(GoldenTables.NOW));
        }
    }

    /** An item that the Go library could have written, read by us. */
    static void checkItem(@Nullable Item item, GoldenStep step) {
        assertThat(item).isNotNull();
        var stored = step.itemAfter(GoldenTables.NOW);
        var fields =
                JavaValues.read(AttributeValue.fromM(GoldenTables.schema(step).fieldsOf(stored)));

        assertThat(item.key()).isEqualTo(new Key(step.partitionKey(), step.sortKey()));
        assertThat(item.version()).isEqualTo(number(stored.get("version"), 0L));
        assertThat(item.expires()).isEqualTo(instant(stored.get("expires")));
        assertThat(JavaValues.comparable(item.payload())).isEqualTo(JavaValues.read(stored.get("payload")));
        assertThat(JavaValues.comparable(item.fields())).isEqualTo(fields);
    }

    private static void checkOutcome(Replayed replayed) {
        GoldenStep step = replayed.step();
        switch (step.op()) {
            case "Create", "Update" -> {
                Outcome.Written written = replayed.outcome(Outcome.Written.class);
                assertThat(written.version())
                        .isEqualTo(step.result().path("version").longValue());
                assertThat(written.expires()).isEqualTo(step.options().has("ttl_seconds") ? expires(step) : null);
            }
            case "Get" -> {
                Item item = replayed.outcome(Outcome.Read.class).item();
                checkItem(item, step);
                assertThat(JavaValues.comparable(Objects.requireNonNull(item).payload()))
                        .isEqualTo(JavaValues.read(
                                DynamoJson.attribute(step.result().path("value"))));
            }
            case "Delete" -> replayed.outcome(Outcome.Deleted.class);
            case "ListBySortKeyPrefix" -> new GoldenPages(replayed).check();
            default -> throw new AssertionError("an operation without a counterpart: " + step.op());
        }
    }

    private static void checkError(Replayed replayed) {
        GoldenStep step = replayed.step();
        Class<? extends Throwable> type = counterpart(step);
        if (type == DynamoDbException.class) {
            // The service's reason is passed on, in an error that names the table.
            replayed.refused(InvalidInputException.class)
                    .hasMessageContaining(step.error("aws_message"))
                    .hasCauseInstanceOf(type);
            return;
        }
        var refusal = replayed.refused(type);
        refusal.hasMessageContaining(replayed.tables().name(step));
        if (!step.isList()) {
            refusal.hasMessageContaining(new Key(step.partitionKey(), step.sortKey()).toString());
        }
        if (replayed.error() instanceof VersionConflictException conflict) {
            assertThat(conflict.expected())
                    .isEqualTo(step.options().path("version").longValue());
            assertThat(conflict.actual())
                    .isEqualTo(number(step.itemAfter(GoldenTables.NOW).get("version"), 0L));
        }
    }

    /** Which of our errors stands for which of theirs. */
    private static Class<? extends Throwable> counterpart(GoldenStep step) {
        return switch (step.error("sentinel")) {
            case "ErrKeyNotExists", "ErrDeleteFailedKeyNotExists" -> KeyNotFoundException.class;
            case "ErrReservedField" -> ReservedFieldException.class;
            default -> step.error("aws_code").isEmpty() ? ofTheLibrary(step) : ofTheService(step);
        };
    }

    private static Class<? extends Throwable> ofTheLibrary(GoldenStep step) {
        String text = step.error("text");
        if (step.options().has("token")) {
            return InvalidTokenException.class;
        }
        boolean reading = text.contains("failed to unmarshal") || text.contains("failed to extract");
        return reading ? UnreadableItemException.class : InvalidInputException.class;
    }

    private static Class<? extends Throwable> ofTheService(GoldenStep step) {
        if (step.error("aws_code").equals("ConditionalCheckFailedException")) {
            boolean exists = !step.itemAfter(GoldenTables.NOW).isEmpty();
            return !exists
                    ? KeyNotFoundException.class
                    : step.op().equals("Create") ? KeyExistsException.class : VersionConflictException.class;
        }
        if (step.options().has("token")) {
            return InvalidTokenException.class;
        }
        String message = step.error("aws_message");
        if (message.contains("specified index")) {
            // What only the service can know, and needs no explanation, stays the service's own error.
            return DynamoDbException.class;
        }
        // The item holds a version that is no number.
        return message.contains("incorrect data type") ? DynaStoreException.class : InvalidInputException.class;
    }

    private static Instant expires(GoldenStep step) {
        long ttl = step.options().path("ttl_seconds").longValue();
        return Instant.ofEpochSecond(GoldenTables.NOW.getEpochSecond() + ttl);
    }

    private static @Nullable Long number(@Nullable AttributeValue value, @Nullable Long otherwise) {
        return value == null ? otherwise : (Long) Long.parseLong(value.n());
    }

    private static @Nullable Instant instant(@Nullable AttributeValue value) {
        Long seconds = number(value, null);
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }
}
