/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.TableSchema;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds the three writes of a lock. Pure. */
final class LockWrites {

    private static final AttributeValue ONE = number(1);

    private final TableSchema schema;

    LockWrites(TableSchema schema) {
        this.schema = schema;
    }

    /**
     * Acquires a lock.
     *
     * @param latest now, by the clock that is ahead
     * @param grounds the conditions under which it may be taken from a holder
     */
    UpdateItemRequest.Builder acquire(AcquireAttempt attempt, Instant latest, LeaseRules.Grounds grounds) {
        AttributeValue data = attempt.data();
        String update = data == null ? LockExpressions.ACQUIRE : LockExpressions.ACQUIRE_WITH_DATA;
        Map<String, AttributeValue> values = values(attempt, latest, attempt.until());
        values.put(":lock", ONE);
        values.put(":owner", AttributeValue.fromS(attempt.owner()));
        values.put(":until", number(attempt.until()));
        values.put(":lease", number(attempt.request().ttl().toMillis()));
        values.put(":floor", number(LeaseRules.floor(latest)));
        if (data != null) {
            values.put(":payload", data);
        }
        put(values, ":freeBefore", grounds.freeBefore());
        put(values, ":seen", grounds.seen());
        return write(attempt, update, LockExpressions.free(grounds), values).returnValues(ReturnValue.ALL_NEW);
    }

    /** Moves the end of a lease. */
    UpdateItemRequest.Builder renew(AcquireAttempt attempt, Instant latest, long until) {
        Map<String, AttributeValue> values = values(attempt, latest, until);
        values.put(":until", number(until));
        return write(attempt, LockExpressions.RENEW, LockExpressions.MINE_AND_NOT_BACK, values);
    }

    /** Releases a lock. */
    UpdateItemRequest.Builder release(AcquireAttempt attempt, Instant latest) {
        return write(attempt, LockExpressions.RELEASE, LockExpressions.MINE, values(attempt, latest, attempt.until()));
    }

    private UpdateItemRequest.Builder write(
            AcquireAttempt attempt, String update, String condition, Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(attempt.keyAttributes())
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(LockExpressions.names(schema, update, condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private static Map<String, AttributeValue> values(AcquireAttempt attempt, Instant latest, long until) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", AttributeValue.fromS(attempt.holder()));
        values.put(":one", ONE);
        values.put(":purge", number(LeaseRules.purge(latest, attempt.request().purgeAfter(), until)));
        return values;
    }

    private static void put(Map<String, AttributeValue> values, String name, @Nullable Long value) {
        if (value != null) {
            values.put(name, number(value));
        }
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
