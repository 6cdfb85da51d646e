/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.VersionConflictException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * Finds out what stood in the way of a conditional write.
 *
 * <p>DynamoDB returns the old item with the failed condition, so that no second request is needed; a response without one
 * says that there is no item. Some engines never return it. So a response without an item is only taken for "absent" if
 * this client talks to the service itself, or has returned an old item before; else one consistent read tells.
 */
public final class ConditionFailures {

    private volatile boolean oldItemsReturned;

    /** For a client with an endpoint of its own, what it can do is learnt from its responses. */
    public ConditionFailures(boolean oldItemsReturned) {
        this.oldItemsReturned = oldItemsReturned;
    }

    /**
     * The item that was there when the condition failed, or just after.
     *
     * @param error why a write failed
     * @return empty if there was none; fails with the same error if that is not a failed condition
     */
    CompletableFuture<Optional<StoredItem>> obstacle(
            TableContext table, Key key, Map<String, AttributeValue> keyAttributes, Throwable error) {
        if (!(Failures.cause(error) instanceof ConditionalCheckFailedException failed)) {
            return CompletableFuture.failedFuture(Failures.cause(error));
        }
        return obstacle(table, key, keyAttributes, failed.hasItem() ? failed.item() : Map.of());
    }

    /**
     * The item that was there when the condition failed, or just after.
     *
     * @param returned what came back with the failed condition; may be empty
     */
    public CompletableFuture<Optional<StoredItem>> obstacle(
            TableContext table,
            Key key,
            Map<String, AttributeValue> keyAttributes,
            Map<String, AttributeValue> returned) {
        if (!returned.isEmpty()) {
            oldItemsReturned = true;
            return CompletableFuture.completedFuture(Optional.of(new StoredItem(table, key, returned)));
        }
        if (oldItemsReturned) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        GetItemRequest read = GetItemRequest.builder()
                .tableName(table.name())
                .key(keyAttributes)
                .consistentRead(true)
                .build();
        return table.client()
                .getItem(read)
                .thenApply(response -> response.hasItem()
                        ? Optional.of(new StoredItem(table, key, response.item()))
                        : Optional.empty());
    }

    /** Whether a condition failed. */
    static boolean isRefusal(Throwable cause) {
        return cause instanceof ConditionalCheckFailedException;
    }

    /** What to tell of a write that needed a live item, given what was there instead. */
    public static DynaStoreException refusal(
            TableContext table, ConditionalCall<?> call, Optional<StoredItem> obstacle, String remedy) {
        Key key = call.key();
        Long expected = call.expectedVersion();
        Optional<DynaStoreException> closed = closed(table, key, call.fencingToken(), obstacle);
        if (closed.isPresent()) {
            return closed.get();
        }
        if (obstacle.isEmpty() || obstacle.get().expired() || expected == null) {
            return new KeyNotFoundException(table.name(), key, remedy);
        }
        return new VersionConflictException(
                table.name(), key, expected, obstacle.get().version());
    }

    /** What to tell of a write that met a lock, or the write of a later holder of one; empty if it met neither. */
    public static Optional<DynaStoreException> closed(
            TableContext table, Key key, @Nullable Long token, Optional<StoredItem> obstacle) {
        if (obstacle.isPresent() && obstacle.get().lock()) {
            return Optional.of(new InvalidInputException(
                    "Table " + table.name() + ", key " + key
                            + ": this item is a lock, which only lock, renew and unlock may change. Use another key.",
                    null));
        }
        return obstacle.isPresent() && token != null && obstacle.get().fencedOff(token)
                ? Optional.of(LockLostException.fenced(
                        table.name(), key, token, obstacle.get().fence()))
                : Optional.empty();
    }
}
