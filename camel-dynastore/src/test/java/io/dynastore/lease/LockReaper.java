/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Removes locks that were not used for a while, as the table's time to live does after an hour or more. The while has
 * to be longer than requests may be late and clocks may differ together. So is the hour.
 */
final class LockReaper {

    private final DynamoDbExtension dynamo;
    private final String table;
    private final Duration idle;
    private final Map<String, Seen> seen = new HashMap<>();
    private int removed;

    private record Seen(String version, long since) {}

    LockReaper(DynamoDbExtension dynamo, String table, Duration idle) {
        this.dynamo = dynamo;
        this.table = table;
        this.idle = idle;
    }

    int removed() {
        return removed;
    }

    void pass() {
        long now = System.nanoTime();
        for (Map<String, AttributeValue> item : dynamo.rawScan(table)) {
            AttributeValue version = item.get("version");
            AttributeValue name = item.get("name");
            if (!item.containsKey("_dslock") || version == null || name == null) {
                continue;
            }
            Seen before = seen.get(name.s());
            if (before == null || !before.version().equals(version.n())) {
                seen.put(name.s(), new Seen(version.n(), now));
            } else if (now - before.since() > idle.toNanos()) {
                remove(item.get("id"), name, version);
            }
        }
    }

    private void remove(@Nullable AttributeValue id, AttributeValue name, AttributeValue version) {
        try {
            dynamo.client()
                    .deleteItem(delete -> delete.tableName(table)
                            .key(Map.of("id", id == null ? name : id, "name", name))
                            .conditionExpression("version = :seen")
                            .expressionAttributeValues(Map.of(":seen", version)))
                    .join();
            removed++;
        } catch (java.util.concurrent.CompletionException e) {
            if (!(e.getCause() instanceof ConditionalCheckFailedException)) {
                throw e;
            }
        }
    }
}
