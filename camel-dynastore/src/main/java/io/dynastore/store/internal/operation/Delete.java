/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.Outcome;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.store.internal.item.IdempotentWrite;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Deletes a live item.
 *
 * <ol>
 *   <li>The item must be live, and at the expected version if there is one; the service checks it with the delete.
 *   <li>If a request was sent again and finds no item, the delete is done: what was to be deleted is gone. The same
 *       holds if it finds another item, one in another incarnation than the item that was to be deleted.
 *   <li>If it finds the same item at another version, it was not applied: the item would not be there otherwise. If it
 *       is unknown whether it is the same item, the outcome is unknown. {@link WriteHistory} has the reasons, 6 to 9.
 *   <li>If the item need not exist, an absent or expired one is a success. A live one at another version still is an
 *       error.
 *   <li>If the call includes expired items, they count as live.
 * </ol>
 */
final class Delete implements StoreOperation<DeleteCall, Outcome.Deleted> {

    private static final String REMEDY = "It was deleted or has expired; with mustExist=false that is no error.";

    private final TableContext table;
    private final ConditionFailures failures;

    Delete(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
    }

    @Override
    public CompletableFuture<Outcome.Deleted> execute(DeleteCall call) {
        Key key = call.key();
        Map<String, AttributeValue> keyAttributes = table.schema().encode(key);
        IdempotentWrite write = IdempotentWrite.of(table, failures, call, key, keyAttributes);
        return table.client()
                .deleteItem(request(table, call, condition(call), keyAttributes))
                .thenApply(response -> new Outcome.Deleted(key, Capacity.of(response.consumedCapacity())))
                .exceptionallyCompose(error -> write.conflictingItem(error)
                        .thenCompose(conflicting -> settle(call, key, write, conflicting, Failures.cause(error))));
    }

    /** A delete under a condition, with the values that the call expects. */
    static DeleteItemRequest request(
            TableContext table,
            ConditionalCall<?> call,
            ConditionTemplate condition,
            Map<String, AttributeValue> keyAttributes) {
        Map<String, String> names = new HashMap<>();
        condition.names(table.schema(), names);
        Map<String, AttributeValue> values = new HashMap<>();
        condition.values(call, table.clock().instant(), values);
        String text = condition.text();
        if (call.fencingToken() != null) {
            text = Expressions.and(text, Expressions.NOT_FENCED_OFF);
            names.put(Expressions.FENCE, LockAttributes.FENCE);
            values.put(Expressions.TOKEN, AttributeValue.fromN(Long.toString(call.fencingToken())));
        }
        return DeleteItemRequest.builder()
                .tableName(table.name())
                .key(keyAttributes)
                .conditionExpression(text)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    /** The condition that the call asks for. */
    static ConditionTemplate condition(DeleteCall call) {
        return call.expectedVersion() == null && !call.mustExist()
                ? ConditionTemplate.LIVE_OR_ABSENT
                : ConditionTemplate.of(call);
    }

    private CompletableFuture<Outcome.Deleted> settle(
            DeleteCall call, Key key, IdempotentWrite write, Optional<StoredItem> conflicting, Throwable error) {
        boolean lock = conflicting.isPresent() && conflicting.get().lock();
        boolean absent = conflicting.isEmpty() || (conflicting.get().expired() && !lock && !call.includeExpired());
        boolean gone = absent || (!lock && write.anotherIncarnation(conflicting.get(), call.expectedVersion()));
        if (write.repeated() ? gone : absent && !call.mustExist()) {
            return CompletableFuture.completedFuture(new Outcome.Deleted(key, 0));
        }
        return CompletableFuture.failedFuture(
                write.repeated() && !write.sameIncarnation(conflicting.orElseThrow(), call.expectedVersion())
                        ? write.unknown(error)
                        : ConditionFailures.failure(table, call, conflicting, REMEDY));
    }
}
