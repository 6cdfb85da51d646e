/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.TableStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * One change that was applied to the table, from its stream.
 *
 * @param item the lock, or the item that it protects
 * @param before the item before; null if there was none
 * @param after the item after; null if there is none
 */
record LockChange(
        String item, @Nullable LockItem before, @Nullable LockItem after) {

    private static final String MARK = "_end";

    /** All changes so far, in order. */
    static List<LockChange> all(DynamoDbExtension dynamo, TableSchema schema) {
        AttributeValue mark = AttributeValue.fromS(UUID.randomUUID().toString());
        dynamo.rawPut(schema.table(), Map.of("id", AttributeValue.fromS(MARK), "name", mark));
        return TableStream.readUntil(
                        dynamo,
                        schema.table(),
                        change -> mark.equals(change.dynamodb().keys().get("name")))
                .stream()
                .map(change -> of(schema, change))
                .filter(change -> !change.item().startsWith(MARK))
                .toList();
    }

    private static LockChange of(TableSchema schema, Record change) {
        return new LockChange(
                text(change.dynamodb().keys(), "id") + "/"
                        + text(change.dynamodb().keys(), "name"),
                item(schema, change.dynamodb().oldImage()),
                item(schema, change.dynamodb().newImage()));
    }

    private static @Nullable LockItem item(TableSchema schema, @Nullable Map<String, AttributeValue> image) {
        return image == null || image.isEmpty() ? null : LockItem.of(schema, image);
    }

    private static String text(Map<String, AttributeValue> attributes, String name) {
        AttributeValue value = attributes.get(name);
        return value == null ? "" : value.s();
    }

    boolean lock() {
        return (before != null && before.lock()) || (after != null && after.lock());
    }

    @Nullable
    String holderBefore() {
        return before == null ? null : before.holder();
    }

    @Nullable
    String holderAfter() {
        return after == null ? null : after.holder();
    }

    /** Whether this change acquired the lock. */
    boolean acquired() {
        return holderAfter() != null && !holderAfter().equals(holderBefore());
    }
}
