/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
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
 * Finds the conflicting item of a write whose condition failed, and the error to report. Thread safe.
 *
 * <p>DynamoDB returns the conflicting item with the failed condition, so that no second request is needed. A response
 * without one means that there is no item. Some other engines never return it. So a response without an item means
 * "absent" only if the client uses the service itself, or has received such an item before. Otherwise one consistent
 * read decides.
 *
 * <p>Decision 7 in docs/decisions has the reasons.
 */
public final class ConditionFailures {

    private volatile boolean oldItemsReturned;

    /**
     * Condition failures of one client.
     *
     * @param oldItemsReturned whether its engine is known to return conflicting items; if not, its responses show it
     */
    public ConditionFailures(boolean oldItemsReturned) {
        this.oldItemsReturned = oldItemsReturned;
    }

    /**
     * The item that existed when the condition failed, or just after.
     *
     * @param error the error of the write
     * @return empty if there was none; fails with the same error if it is not a failed condition
     */
    CompletableFuture<Optional<StoredItem>> conflictingItem(
            TableContext table, Key key, Map<String, AttributeValue> keyAttributes, Throwable error) {
        if (!(Failures.cause(error) instanceof ConditionalCheckFailedException failed)) {
            return CompletableFuture.failedFuture(Failures.cause(error));
        }
        return conflictingItem(table, key, keyAttributes, failed.hasItem() ? failed.item() : Map.of());
    }

    /**
     * The item that existed when the condition failed, or just after.
     *
     * @param returned the attributes returned with the failed condition; may be empty
     * @return empty if there was none
     */
    public CompletableFuture<Optional<StoredItem>> conflictingItem(
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
    static boolean isFailedCondition(Throwable cause) {
        return cause instanceof ConditionalCheckFailedException;
    }

    /**
     * The error of a write that needed a live item.
     *
     * @param conflicting the item that it found instead; empty if none
     */
    public static DynaStoreException failure(
            TableContext table, ConditionalCall<?> call, Optional<StoredItem> conflicting, String remedy) {
        Key key = call.key();
        Long expected = call.expectedVersion();
        Optional<DynaStoreException> locked = lockFailure(table, key, call.fencingToken(), conflicting);
        if (locked.isPresent()) {
            return locked.get();
        }
        boolean expiredIsAbsent = !(call instanceof DeleteCall delete) || !delete.includeExpired();
        if (expected == null && !(call instanceof DeleteCall)) {
            Optional<DynaStoreException> last = versionFailure(table, key, conflicting);
            if (last.isPresent()) {
                return last.get();
            }
        }
        if (conflicting.isEmpty() || (conflicting.get().expired() && expiredIsAbsent) || expected == null) {
            return new KeyNotFoundException(table.name(), key, remedy);
        }
        return new VersionConflictException(
                table.name(), key, expected, conflicting.get().version());
    }

    /**
     * Whether an item meets all that a write of a live item demands, so that the condition failed for what the write
     * changes inside the item.
     *
     * @param conflicting the item that it found; empty if none
     */
    public static boolean meets(TableContext table, ConditionalCall<?> call, Optional<StoredItem> conflicting) {
        Long expected = call.expectedVersion();
        return conflicting.isPresent()
                && !conflicting.get().expired()
                && lockFailure(table, call.key(), call.fencingToken(), conflicting)
                        .isEmpty()
                && (expected == null
                        ? conflicting.get().greatestVersion().isEmpty()
                        : conflicting.get().version() == expected
                                && (call.expectedIncarnation() == null
                                        || expected == 0
                                        || call.expectedIncarnation()
                                                .equals(conflicting.get().incarnation())));
    }

    /**
     * The error of a write that counts the version and found a live item whose version has no successor.
     *
     * @param conflicting the item that it found; empty if none
     * @return empty if it found no such item
     */
    public static Optional<DynaStoreException> versionFailure(
            TableContext table, Key key, Optional<StoredItem> conflicting) {
        return conflicting
                .filter(item -> !item.expired())
                .flatMap(StoredItem::greatestVersion)
                .map(version -> ItemPut.withoutSuccessor(table, key, version));
    }

    /**
     * The error of a write that found a lock item, or an item that a later holder of the lock has written.
     *
     * @param token the fencing token of the write; null if it has none
     * @param conflicting the item that it found; empty if none
     * @return empty if it found neither
     */
    public static Optional<DynaStoreException> lockFailure(
            TableContext table, Key key, @Nullable Long token, Optional<StoredItem> conflicting) {
        if (conflicting.isPresent() && conflicting.get().lock()) {
            return Optional.of(new InvalidInputException(
                    "Table " + table.name() + ", key " + key
                            + ": this item is a lock, which only lock, renew and unlock may change. Use another key.",
                    null));
        }
        return conflicting.isPresent() && token != null && conflicting.get().fencedOff(token)
                ? Optional.of(LockLostException.fenced(
                        table.name(), key, token, conflicting.get().fence()))
                : Optional.empty();
    }
}
