/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.VersionConflictException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Where this store deliberately does something else than the Go library. */
final class GoldenDifferences {

    static final List<GoldenDifference> ALL = List.of(
            of(
                    "a number is sent without trailing zeros and without a sign on zero, as the service keeps it",
                    replayed -> stores(replayed, 1, item -> item.put("payload", fromN(plain(item)))),
                    "create-float64-negzero",
                    "create-json-number"),
            of(
                    "arrays of the same bytes are one member of a set",
                    replayed -> {
                        assertThat(replayed.outcome(Outcome.Written.class).version())
                                .isEqualTo(1L);
                        assertThat(replayed.after())
                                .containsEntry("payload", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("a"))));
                    },
                    "create-slice-of-bytes-dup"),
            of(
                    "a number within a document is read with all its digits, not as a floating-point number",
                    replayed -> AsRecorded.checkItem(
                            replayed.outcome(Outcome.Read.class).item(), replayed.step()),
                    "get-map-any"),
            of(
                    "an item without payload has the value null, whatever the type, and not an empty text",
                    replayed -> assertThat(Replayed.values(replayed.outcome(Outcome.Page.class)))
                            .containsExactly((Object) null),
                    "foreign-list-nopayload"),
            of(
                    "a time to live of zero or less is an error, not an item that lives for ever",
                    replayed -> replayed.refused(InvalidInputException.class).hasMessageContaining("must be positive"),
                    "create-ttl-negative"),
            of(
                    "an extra field that is null is removed, or not written, instead of being stored as NULL",
                    GoldenDifferences::leavesNullFieldsOut,
                    "create-fields-many",
                    "update-field-to-null-on-plain-attr"),
            of(
                    "dots and brackets in the name of an extra field are part of the name, not a path",
                    replayed -> {
                        assertThat(replayed.outcome(Outcome.Written.class).version())
                                .isEqualTo(1L);
                        replayed.step()
                                .options()
                                .path("extra_fields")
                                .fieldNames()
                                .forEachRemaining(name ->
                                        assertThat(replayed.after()).hasSize(5).containsEntry(name, fromS("x")));
                    },
                    "create-field-with-dot",
                    "create-field-with-bracket",
                    "create-field-payload-dot"),
            of(
                    "an index key of the wrong type is refused by the service, which the recording's engine"
                            + " does for a put only",
                    replayed -> replayed.refused(InvalidInputException.class)
                            .hasMessageContaining("Type mismatch for Index Key"),
                    "create-field-key-type-mismatch"),
            of(
                    "expecting version 0 means a live item without a version, not any version",
                    replayed -> {
                        replayed.refused(VersionConflictException.class);
                        VersionConflictException conflict = (VersionConflictException) replayed.error();
                        assertThat(conflict).extracting("expected", "actual").containsExactly(0L, 3L);
                    },
                    "update-version-zero"),
            of(
                    "expecting a negative version is an error, not any version",
                    replayed -> replayed.refused(InvalidInputException.class).hasMessageContaining("not -1"),
                    "update-version-negative"),
            of(
                    "a delete without check works, where the Go library fails to build its request",
                    replayed -> {
                        replayed.outcome(Outcome.Deleted.class);
                        assertThat(replayed.after()).isEmpty();
                    },
                    "delete-check-false",
                    "delete-check-false-missing"),
            of(
                    "a limit below 1 is an error, not no limit",
                    replayed -> replayed.refused(InvalidInputException.class).hasMessageContaining("not -1"),
                    "list-limit-negative"),
            of(
                    "a consistent read of a list is asked for, and refused by the service for a global index,"
                            + " not ignored",
                    replayed -> replayed.refused(InvalidInputException.class).hasMessageContaining("onsistent read"),
                    "list-gsi-consistent-read-ignored"),
            of(
                    "the Go library's token of a table with a number key continues the list here; its own list"
                            + " refuses it",
                    replayed -> {
                        assertThat(Replayed.values(replayed.outcome(Outcome.Page.class)))
                                .containsExactly(JavaValues.read(AttributeValue.fromB(SdkBytes.fromUtf8String("v2"))));
                    },
                    "int-str-list-limit-1-page-2"),
            of(
                    "a list through an index without the payload says so, or fetches the items, instead of"
                            + " returning nothing",
                    replayed -> {
                        replayed.refused(DynaStoreException.class)
                                .hasMessageContainingAll("idx_keys", "does not project", "fetch=true");
                        assertThat(Replayed.values(replayed.again(
                                        GoldenCall.list(replayed.step()).fetch(true))))
                                .hasSize(2)
                                .doesNotContainNull();
                    },
                    "int-str-list-keys-only-gsi"),
            of(
                    "an expired item counts as absent for a get, unless asked for",
                    replayed -> {
                        replayed.refused(KeyNotFoundException.class);
                        Outcome.Read found =
                                replayed.again(GoldenCall.get(replayed.step()).includeExpired(true));
                        AsRecorded.checkItem(found.item(), replayed.step());
                    },
                    "expired-get"),
            of(
                    "an expired item is left out of a list, unless asked for",
                    replayed -> {
                        assertThat(replayed.outcome(Outcome.Page.class).items()).isEmpty();
                        assertThat(Replayed.values(replayed.again(
                                        GoldenCall.list(replayed.step()).includeExpired(true))))
                                .isEqualTo(replayed.step().values());
                    },
                    "expired-list"),
            of(
                    "an expired item can't be updated: it counts as absent",
                    replayed -> replayed.refused(KeyNotFoundException.class),
                    "expired-update"),
            of(
                    "a create or put replaces an expired item whole, and the version goes on from the old one",
                    replayed -> {
                        long old = Long.parseLong(replayed.before()
                                .getOrDefault("version", fromN("0"))
                                .n());
                        stores(replayed, old + 1, item -> {
                            item.remove("expires");
                            item.put("version", fromN(Long.toString(old + 1)));
                            item.put("payload", AttributeValue.fromB(SdkBytes.fromUtf8String("new")));
                        });
                    },
                    "expired-create",
                    "expired-create-constraint-disabled"));

    private GoldenDifferences() {}

    /** What is different in this step, if anything. */
    static Optional<GoldenDifference> in(GoldenStep step) {
        return ALL.stream()
                .filter(difference -> difference.steps().contains(step.id()))
                .findFirst();
    }

    private static GoldenDifference of(String reason, Consumer<Replayed> check, String... steps) {
        return new GoldenDifference(reason, check, List.of(steps));
    }

    private static void leavesNullFieldsOut(Replayed replayed) {
        GoldenStep step = replayed.step();
        stores(
                replayed,
                step.result().path("version").longValue(),
                item -> step.options().path("extra_fields").properties().forEach(field -> {
                    if (field.getValue().has("NULL")) {
                        assertThat(item.remove(field.getKey())).isNotNull();
                    }
                }));
    }

    /** The item that the recording has, but for a change; read back as what is stored. */
    private static void stores(Replayed replayed, long version, Consumer<Map<String, AttributeValue>> change) {
        Map<String, AttributeValue> expected =
                new LinkedHashMap<>(replayed.step().itemAfter(GoldenTables.NOW));
        change.accept(expected);
        @Nullable Long written = replayed.outcome(Outcome.Written.class).version();
        assertThat(written).isEqualTo(version);
        assertThat(replayed.after()).isEqualTo(expected);
    }

    private static String plain(Map<String, AttributeValue> item) {
        String recorded = item.getOrDefault("payload", fromN("")).n();
        return switch (recorded) {
            case "-0" -> "0";
            case "12.50" -> "12.5";
            default -> throw new AssertionError("unexpected: " + recorded);
        };
    }
}
