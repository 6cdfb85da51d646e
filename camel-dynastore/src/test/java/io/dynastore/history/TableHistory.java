/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.TableStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** What was really applied to a table, in order: its stream, read up to a mark that is written for that end. */
final class TableHistory {

    private static final String MARK = "_history";

    private TableHistory() {}

    /**
     * All changes so far of a table with a stream, the keys {@code id} and {@code name}, and payloads as in {@link
     * Payloads}.
     */
    static List<Change> read(DynamoDbExtension dynamo, String table) {
        AttributeValue mark = AttributeValue.fromS(UUID.randomUUID().toString());
        dynamo.rawPut(table, Map.of("id", AttributeValue.fromS(MARK), "name", mark));
        return TableStream.readUntil(
                        dynamo,
                        table,
                        change -> mark.equals(change.dynamodb().keys().get("name")))
                .stream()
                .filter(change -> !MARK.equals(text(change.dynamodb().keys(), "id")))
                .map(TableHistory::change)
                .toList();
    }

    /** How a key reads in a history. */
    static String key(String id, String name) {
        return id + "/" + name;
    }

    private static Change change(Record record) {
        Map<String, AttributeValue> keys = record.dynamodb().keys();
        return new Change(
                key(text(keys, "id"), text(keys, "name")),
                record.dynamodb().hasOldImage() ? state(record.dynamodb().oldImage()) : null,
                record.dynamodb().hasNewImage() ? state(record.dynamodb().newImage()) : null);
    }

    private static @Nullable ItemState state(Map<String, AttributeValue> image) {
        if (image.isEmpty()) {
            return null;
        }
        long version = Optional.ofNullable(image.get("version"))
                .map(value -> Long.parseLong(value.n()))
                .orElse(0L);
        return Payloads.stored(version, image.get("payload"));
    }

    private static String text(Map<String, AttributeValue> attributes, String name) {
        AttributeValue value = attributes.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }
}
