/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The table of a group, as a member sees it. Nothing here waits. */
interface GroupTable {

    /** Sends a write. The future never fails. */
    CompletableFuture<GroupWrite> write(UpdateItemRequest request);

    /** All items of the group, as an eventually consistent query shows them. Fails with the client's error. */
    CompletableFuture<List<Map<String, AttributeValue>>> items();

    /** An item, as an eventually consistent read shows it; empty if there is none. Fails with the client's error. */
    CompletableFuture<Map<String, AttributeValue>> item(Map<String, AttributeValue> key);

    /** Removes a member's item. Fails with the client's error. */
    CompletableFuture<Void> remove(Map<String, AttributeValue> key);

    /** The position of a single consumer in a partition; null if there is none. Fails with the client's error. */
    CompletableFuture<@Nullable String> position(String partition);
}
