/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Expiry;
import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Builds the writes of an idempotent repository. Pure.
 *
 * <pre>
 * The item of a key, written by:   add              renewal   confirm
 *
 *   id, name     the key           x
 *   _dsholder    "5d0f..."         fresh for each   -         -
 *   _dsuntil     1772366420250     end of lease     later     removed
 *   _dsowner     "host-4711-1f0c"  x                -         removed
 *   expires      1772971201        a day later      later     after the ttl, or removed
 *   payload      the result        removed          -         x, by DynaStoreOnce
 *   _dsheaders   its headers       removed          -         x, by DynaStoreOnce
 *   _dsdigest    of the payload    x                -         -
 * </pre>
 *
 * <p>What makes a write safe to repeat:
 *
 * <ol>
 *   <li>Each add has an id of its own, the holder, which stays in the item. So each write of that claim, sent again
 *       after a lost response, finds its own holder and is applied once more, with the same values.
 *   <li>Each condition names the holder. So a late write of an earlier claim never changes a later one.
 *   <li>An add that arrives late after its key was removed begins a claim that nobody renews. It ends at the end of
 *       lease that it carries, at most one lease after it was first sent.
 * </ol>
 *
 * <p>Decision 17 in docs/decisions has the reasons.
 */
final class KeyWrites {

    /** The end of the lease of a key in flight, in milliseconds. A key without it is confirmed. */
    static final String UNTIL = "_dsuntil";

    /** The headers of a stored result. */
    static final String HEADERS = "_dsheaders";

    /** The digest of the payload that a key was added with. */
    static final String DIGEST = "_dsdigest";

    /** A key that nobody ends is removed by TTL this much later than its lease. */
    static final Duration SWEEP = Duration.ofDays(1);

    private static final String ABSENT = "attribute_not_exists(#partitionKey)";
    private static final String CONFIRMED = "attribute_not_exists(#until)";
    private static final String LEASE_OVER = "#until < :freeBefore";
    private static final String FORGOTTEN = "(" + CONFIRMED + " AND #expires < :now)";
    private static final String FREE = ABSENT + " OR " + LEASE_OVER + " OR " + FORGOTTEN;
    private static final String MINE = "#holder = :me";
    private static final String MINE_IN_FLIGHT = MINE + " AND attribute_exists(#until)";
    private static final String MINE_AND_NOT_BACK = MINE + " AND #until <= :until";

    private static final String CLAIM = "SET #holder = :me, #owner = :owner, #until = :until, #expires = :expires";
    private static final String RENEW = "SET #until = :until, #expires = :expires";

    private static final String NO_RESULT = "#payload, #headers, #digest";

    private final TableSchema schema;
    private final Duration inFlightTtl;
    private final Duration clockSkew;
    private final Expiry retention;
    private final boolean results;

    /**
     * Writes.
     *
     * @param ttl how long a confirmed key is remembered; null: for ever
     * @param results whether confirmed keys may have results, so that an add removes the one of an earlier message
     */
    KeyWrites(TableSchema schema, Duration inFlightTtl, Duration clockSkew, @Nullable Duration ttl, boolean results) {
        this.results = results;
        this.schema = schema;
        this.inFlightTtl = inFlightTtl;
        this.clockSkew = clockSkew;
        this.retention = ttl == null ? Expiry.NEVER : Expiry.after(ttl);
    }

    /** Adds a key in flight, unless another claim or confirmation is in its place. */
    UpdateItemRequest.Builder claim(Key place, String holder, String owner, Instant now) {
        Map<String, AttributeValue> values = freeValues(holder, now);
        leaseValues(values, now);
        values.put(":owner", AttributeValue.fromS(owner));
        String update = results ? CLAIM + " REMOVE " + NO_RESULT : CLAIM;
        return write(place, update, FREE + " OR (" + MINE_IN_FLIGHT + ")", values);
    }

    /**
     * Adds a key in flight, and the digest of its payload. If the condition fails, the response has the item.
     *
     * @param digest null: none
     */
    UpdateItemRequest.Builder claim(
            Key place, String holder, String owner, @Nullable AttributeValue digest, Instant now) {
        Map<String, AttributeValue> values = freeValues(holder, now);
        leaseValues(values, now);
        values.put(":owner", AttributeValue.fromS(owner));
        String update = CLAIM + " REMOVE " + NO_RESULT;
        if (digest != null) {
            values.put(":digest", digest);
            update = CLAIM + ", #digest = :digest REMOVE #payload, #headers";
        }
        return write(place, update, FREE + " OR (" + MINE_IN_FLIGHT + ")", values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    /** Adds a key that is confirmed at once. */
    UpdateItemRequest.Builder remember(Key place, String holder, Instant now) {
        Map<String, AttributeValue> values = freeValues(holder, now);
        String update = confirmation("SET #holder = :me", values, now) + (results ? ", " + NO_RESULT : "");
        return write(place, update, FREE + " OR " + MINE, values);
    }

    /** Moves the end of a lease. */
    UpdateItemRequest.Builder renew(Key place, String holder, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        leaseValues(values, now);
        return write(place, RENEW, MINE_AND_NOT_BACK, values);
    }

    /** Confirms a claim. */
    UpdateItemRequest.Builder confirm(Key place, String holder, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        return write(place, confirmation("SET #holder = :me", values, now), MINE, values);
    }

    /** Confirms a claim, and stores the result of its message. */
    UpdateItemRequest.Builder confirm(Key place, String holder, StoredResult result, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        values.put(":payload", result.payload());
        values.put(":headers", AttributeValue.fromM(result.headers()));
        String update = "SET #holder = :me, #payload = :payload, #headers = :headers";
        return write(place, confirmation(update, values, now), MINE, values);
    }

    /** Confirms a confirmed key once more, whoever added it: its retention begins again. */
    UpdateItemRequest.Builder confirmAgain(Key place, String holder, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        String update = confirmation("SET #holder = :me", values, now);
        return write(place, update, "attribute_exists(#partitionKey) AND " + CONFIRMED, values);
    }

    /** Removes a claim, confirmed or not. An absent item satisfies it. */
    DeleteItemRequest.Builder remove(Key place, String holder) {
        return delete(place, ABSENT + " OR " + MINE, ExpressionParts.me(holder));
    }

    /** Removes a key that is confirmed or whose lease is over, whoever added it. An absent item satisfies it. */
    DeleteItemRequest.Builder forget(Key place, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":freeBefore", ExpressionParts.number(now.minus(clockSkew).toEpochMilli()));
        return delete(place, CONFIRMED + " OR " + LEASE_OVER, values);
    }

    /** Whether an item counts: its lease is not over, or it is confirmed and not expired. */
    boolean counts(Map<String, AttributeValue> item, Instant now) {
        AttributeValue until = item.get(UNTIL);
        if (until != null) {
            return Long.parseLong(until.n()) >= now.minus(clockSkew).toEpochMilli();
        }
        AttributeValue expires = item.get(schema.expires());
        return expires == null || expires.n() == null || Long.parseLong(expires.n()) >= now.getEpochSecond();
    }

    private Map<String, AttributeValue> freeValues(String holder, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        values.put(":freeBefore", ExpressionParts.number(now.minus(clockSkew).toEpochMilli()));
        values.put(":now", ExpressionParts.number(now.getEpochSecond()));
        return values;
    }

    private void leaseValues(Map<String, AttributeValue> values, Instant now) {
        Instant until = now.plus(inFlightTtl);
        values.put(":until", ExpressionParts.number(until.toEpochMilli()));
        values.put(":expires", ExpressionParts.number(until.plus(SWEEP).getEpochSecond()));
    }

    private String confirmation(String update, Map<String, AttributeValue> values, Instant now) {
        if (retention instanceof Expiry.After after) {
            values.put(":expires", ExpressionParts.number(after.from(now).getEpochSecond()));
            return update + ", #expires = :expires REMOVE #until, #owner";
        }
        return update + " REMOVE #until, #owner, #expires";
    }

    private UpdateItemRequest.Builder write(
            Key place, String update, String condition, Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(schema.encode(place))
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(ExpressionParts.names(update + " " + condition, this::attribute))
                .expressionAttributeValues(values);
    }

    private DeleteItemRequest.Builder delete(Key place, String condition, Map<String, AttributeValue> values) {
        return DeleteItemRequest.builder()
                .tableName(schema.table())
                .key(schema.encode(place))
                .conditionExpression(condition)
                .expressionAttributeNames(ExpressionParts.names(condition, this::attribute))
                .expressionAttributeValues(values)
                .returnValues(ReturnValue.ALL_OLD);
    }

    private String attribute(String name) {
        return switch (name) {
            case "#partitionKey" -> schema.partitionKey().name();
            case "#expires" -> schema.expires();
            case "#holder" -> LockAttributes.HOLDER;
            case "#owner" -> LockAttributes.OWNER;
            case "#until" -> UNTIL;
            case "#payload" -> schema.payload();
            case "#headers" -> HEADERS;
            default -> DIGEST;
        };
    }
}
