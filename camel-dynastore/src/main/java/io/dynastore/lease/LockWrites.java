/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.TableSchema;
import java.time.Duration;
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
     * Takes a lock.
     *
     * @param claim who wants it
     * @param grounds what it may be taken on if it has a holder
     */
    UpdateItemRequest.Builder acquire(AcquireAttempt claim, LeaseRules.Grounds grounds) {
        AttributeValue data = claim.data();
        String update = data == null ? LockExpressions.ACQUIRE : LockExpressions.ACQUIRE_WITH_DATA;
        Map<String, AttributeValue> values = values(claim, claim.built().wall());
        values.put(":lock", ONE);
        values.put(":owner", AttributeValue.fromS(claim.owner()));
        values.put(":until", number(claim.until()));
        values.put(":lease", number(claim.request().ttl().toMillis()));
        values.put(":floor", number(LeaseRules.floor(claim.built().wall())));
        if (data != null) {
            values.put(":payload", data);
        }
        put(values, ":freeBefore", grounds.freeBefore());
        put(values, ":seen", grounds.seen());
        return write(claim, update, LockExpressions.free(grounds), values).returnValues(ReturnValue.ALL_NEW);
    }

    /** Moves the end of a lease. */
    UpdateItemRequest.Builder renew(AcquireAttempt claim, Instant now, long until) {
        Map<String, AttributeValue> values = values(claim, now);
        values.put(":until", number(until));
        return write(claim, LockExpressions.RENEW, LockExpressions.MINE_AND_NOT_BACK, values);
    }

    /** Gives a lock back. */
    UpdateItemRequest.Builder release(AcquireAttempt claim, Instant now) {
        return write(claim, LockExpressions.RELEASE, LockExpressions.MINE, values(claim, now));
    }

    private UpdateItemRequest.Builder write(
            AcquireAttempt claim, String update, String condition, Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(claim.keyAttributes())
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(LockExpressions.names(schema, update, condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private static Map<String, AttributeValue> values(AcquireAttempt claim, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", AttributeValue.fromS(claim.holder()));
        values.put(":one", ONE);
        values.put(":purge", number(purge(now, claim.request().purgeAfter())));
        return values;
    }

    private static long purge(Instant now, Duration after) {
        return now.plus(after).getEpochSecond() + 1;
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
