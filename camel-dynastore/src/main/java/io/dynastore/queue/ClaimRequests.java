/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static io.dynastore.store.internal.item.ConditionalUpdates.number;
import static io.dynastore.store.internal.item.ConditionalUpdates.text;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.ConditionalUpdates;
import io.dynastore.store.internal.item.EncodedItem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds the requests of claims. Pure. Thread safe. */
final class ClaimRequests {

    private static final AttributeValue ZERO = number(0);
    private static final AttributeValue ONE = number(1);

    private final TableSchema schema;
    private final ClaimSettings settings;
    private final ConditionalUpdates updates;

    ClaimRequests(TableSchema schema, ClaimSettings settings) {
        this.schema = schema;
        this.settings = settings;
        this.updates = new ConditionalUpdates(schema, placeholder -> ClaimExpressions.attribute(schema, placeholder));
    }

    TableSchema schema() {
        return schema;
    }

    ClaimSettings settings() {
        return settings;
    }

    /**
     * Claims an item as it was read.
     *
     * @param read has the key, and the version and the dead mark if there are any
     * @param id the fresh id of the claim
     */
    UpdateItemRequest claim(QueueItem read, String id, ClockReading now) {
        Map<String, AttributeValue> values = claimable(now);
        values.put(":me", text(id));
        values.put(":one", ONE);
        long until = ClaimRules.until(now, settings.ttl());
        values.put(":until", number(until));
        values.put(":from", number(ClaimRules.claimableFrom(until, settings.clockSkew())));
        values.put(":floor", number(now.wall().toEpochMilli()));
        values.put(":version", number(read.versionNumber() + 1));
        boolean versioned = versioned(read, values);
        if (!read.revived()) {
            values.put(":most", number(settings.maxDeliveries()));
        }
        if (!versioned || !read.revived()) {
            values.put(":zero", ZERO);
        }
        if (settings.index() != null) {
            values.put(":shard", settings.index().shard(schema, read.key()));
        }
        String update = ClaimExpressions.claim(read.revived(), settings.index() != null);
        String condition = ClaimExpressions.claimable(versioned, read.revived());
        return updates.update(read.key(), update, condition, values)
                .returnValues(ReturnValue.ALL_NEW)
                .build();
    }

    /** The values of {@link ClaimExpressions#CLAIMABLE}. */
    Map<String, AttributeValue> claimable(ClockReading now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":now", EncodedItem.seconds(now.wall()));
        values.put(":due", number(now.wall().toEpochMilli()));
        values.put(":freeBefore", freeBefore(now));
        return values;
    }

    /** The values of {@link ClaimExpressions#outsideOfIndex}. */
    Map<String, AttributeValue> outsideOfIndex(ClaimIndex index, AttributeValue partition, ClockReading now) {
        Map<String, AttributeValue> values = claimable(now);
        List<AttributeValue> shards = index.shards(partition);
        for (int number = 0; number < shards.size(); number++) {
            values.put(ClaimExpressions.shard(number), shards.get(number));
        }
        return values;
    }

    /** The values of {@link ClaimExpressions#DUE_IN_SHARD}, and that of the expiry. */
    static Map<String, AttributeValue> due(AttributeValue shard, ClockReading now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":now", EncodedItem.seconds(now.wall()));
        values.put(":due", number(now.wall().toEpochMilli()));
        values.put(":shard", shard);
        return values;
    }

    private AttributeValue freeBefore(ClockReading now) {
        return number(ClaimRules.freeBefore(now, settings.clockSkew()));
    }

    private static boolean versioned(QueueItem read, Map<String, AttributeValue> values) {
        if (read.versionNumber() == 0) {
            return false;
        }
        values.put(":seen", Objects.requireNonNull(read.version()));
        return true;
    }

    /** Moves the end of a claim. */
    UpdateItemRequest renew(Claim claim, long until) {
        Map<String, AttributeValue> values = mine(claim);
        values.put(":until", number(until));
        values.put(":from", number(ClaimRules.claimableFrom(until, settings.clockSkew())));
        return updates.update(claim.key(), ClaimExpressions.RENEW, ClaimExpressions.MINE_AND_NOT_BACK, values)
                .build();
    }

    /** Deletes a done item if it is still at this version. */
    DeleteItemRequest delete(Claim claim, long version) {
        Map<String, AttributeValue> values = mine(claim);
        values.put(":seen", number(version));
        return delete(claim.key(), ClaimExpressions.MINE_AND_UNCHANGED, values);
    }

    /** Frees an item whose exchange failed. It may be claimed again after the delay. */
    UpdateItemRequest fail(Claim claim, Duration delay, ClockReading now) {
        return free(claim, ClaimExpressions.FAIL, mine(claim), now.wall().plus(delay));
    }

    /** Frees an item that no route has seen. */
    UpdateItemRequest giveBack(Claim claim, ClockReading now) {
        Map<String, AttributeValue> values = mine(claim);
        values.put(":one", ONE);
        return free(claim, ClaimExpressions.GIVE_BACK, values, now.wall());
    }

    /** Frees a done item that was changed meanwhile. Its deliveries begin again. */
    UpdateItemRequest keep(Claim claim, ClockReading now) {
        return free(claim, ClaimExpressions.KEEP, mine(claim), now.wall());
    }

    private UpdateItemRequest free(Claim claim, String update, Map<String, AttributeValue> values, Instant from) {
        values.put(":from", number(from.toEpochMilli()));
        return updates.update(claim.key(), update, ClaimExpressions.MINE, values)
                .build();
    }

    /** Marks a claimed item dead, where it is. */
    UpdateItemRequest bury(Claim claim, String reason) {
        Map<String, AttributeValue> values = mine(claim);
        values.put(":reason", text(reason));
        values.put(":one", ONE);
        return updates.update(claim.key(), ClaimExpressions.BURY, ClaimExpressions.MINE, values)
                .build();
    }

    /** Marks an item dead that has had its deliveries, and whose last claim has ended unsettled. */
    UpdateItemRequest burySpent(QueueItem found, String reason, ClockReading now) {
        Map<String, AttributeValue> values = spent(found, now);
        values.put(":reason", text(reason));
        values.put(":one", ONE);
        return updates.update(found.key(), ClaimExpressions.BURY, ClaimExpressions.spent(), values)
                .build();
    }

    /** Moves a claimed item to the dead partition, by one transaction, if it is still as it was last seen. */
    ClaimWrite move(Claim claim, String reason) {
        Map<String, AttributeValue> values = mine(claim);
        values.put(":seen", number(claim.version()));
        return DeadLetter.move(settings, claim.item(), reason, ClaimExpressions.MINE_AND_UNCHANGED, values, claim.id());
    }

    /** As {@link #burySpent}, but moves the item to the dead partition. */
    ClaimWrite moveSpent(QueueItem found, String reason, ClockReading now, String id) {
        return DeadLetter.move(settings, found, reason, ClaimExpressions.spent(), spent(found, now), id);
    }

    private Map<String, AttributeValue> spent(QueueItem found, ClockReading now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":seen", number(found.versionNumber()));
        values.put(":freeBefore", freeBefore(now));
        values.put(":most", number(settings.maxDeliveries()));
        return values;
    }

    private static Map<String, AttributeValue> mine(Claim claim) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(claim.id()));
        return values;
    }

    private DeleteItemRequest delete(
            Map<String, AttributeValue> key, String condition, Map<String, AttributeValue> values) {
        return DeleteItemRequest.builder()
                .tableName(schema.table())
                .key(key)
                .conditionExpression(condition)
                .expressionAttributeNames(updates.names(condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }
}
