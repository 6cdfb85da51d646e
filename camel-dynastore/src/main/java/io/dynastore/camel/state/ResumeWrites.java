/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Expiry;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Builds the requests of a resume strategy. Pure.
 *
 * <pre>
 * The item of a position:
 *
 *   id, name       the key
 *   payload        the offset, as Camel serializes it
 *   _dskey         the key, as Camel serializes it
 *   _dsposition    7              of a number
 *   version        3              of anything else that moves
 *   _dsholder      "1f0c.."       the instance that has written it
 *   expires        1772971201     with a ttl
 * </pre>
 *
 * <p>Why no position moves back:
 *
 * <ol>
 *   <li>A number is written only over a number that is not greater. So the order of writes does not count, be it on one
 *       node or on several, and neither do repetitions.
 *   <li>Anything else has no order. An instance writes it only over the version that it has loaded, or over its own
 *       writes, and its versions rise. So of its own writes, a late one is refused. After another instance has
 *       written, all are.
 *   <li>An entry of a set is written over itself only.
 * </ol>
 */
record ResumeWrites(TableSchema schema, String instance, Expiry expiry) {

    private static final String KEY = "_dskey";
    private static final String POSITION = "_dsposition";

    private static final String SET = "SET #key = :key, #payload = :payload, #holder = :me";
    /** An expired position counts as absent, also before the table's TTL removes it. */
    private static final String EXPIRED = "#expires < :now";

    private static final String NOT_BACK = "attribute_not_exists(#position) OR #position <= :position OR " + EXPIRED;
    private static final String FIRST =
            "attribute_not_exists(#partitionKey) OR (#holder = :me AND #version <= :version) OR " + EXPIRED;
    private static final String NEXT = "((#holder = :me OR #version = :loaded) AND #version <= :version) OR " + EXPIRED;

    /** Writes a number. */
    UpdateItemRequest.Builder number(Key place, byte[] key, byte[] offset, BigDecimal number, Instant now) {
        Map<String, AttributeValue> values = values(key, offset);
        values.put(":position", AttributeValue.fromN(number.toPlainString()));
        return write(place, SET + ", #position = :position", NOT_BACK, values, now);
    }

    /** Writes an entry of a set. */
    UpdateItemRequest.Builder entry(Key place, byte[] key, byte[] offset, Instant now) {
        return write(place, SET, null, values(key, offset), now);
    }

    /**
     * Writes anything else.
     *
     * @param loaded the version that was loaded; 0 if there was none
     * @param version the version to write
     */
    UpdateItemRequest.Builder versioned(Key place, byte[] key, byte[] offset, long loaded, long version, Instant now) {
        Map<String, AttributeValue> values = values(key, offset);
        values.put(":version", ExpressionParts.number(version));
        if (loaded > 0) {
            values.put(":loaded", ExpressionParts.number(loaded));
        }
        return write(place, SET + ", #version = :version", loaded > 0 ? NEXT : FIRST, values, now)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    /** Reads a page of all positions. */
    QueryRequest.Builder page(String partition, Map<String, AttributeValue> from) {
        return QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression("#partitionKey = :partition")
                .expressionAttributeNames(
                        Map.of("#partitionKey", schema.partitionKey().name()))
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition)))
                .exclusiveStartKey(from.isEmpty() ? null : from)
                .consistentRead(true);
    }

    /** The serialized key in an item. */
    static byte[] key(Map<String, AttributeValue> item) {
        return bytes(item.get(KEY));
    }

    /** The serialized offset in an item. */
    byte[] offset(Map<String, AttributeValue> item) {
        return bytes(item.get(schema.payload()));
    }

    private static byte[] bytes(@Nullable AttributeValue value) {
        SdkBytes stored = value == null ? null : value.b();
        return stored == null ? new byte[0] : stored.asByteArray();
    }

    /** The version of an item; 0 if it has none. */
    long version(Map<String, AttributeValue> item) {
        AttributeValue version = item.get(schema.version());
        return version == null || version.n() == null ? 0 : Long.parseLong(version.n());
    }

    /** Whether this instance has written an item. */
    boolean isMine(Map<String, AttributeValue> item) {
        AttributeValue holder = item.get(LockAttributes.HOLDER);
        return holder != null && instance.equals(holder.s());
    }

    /** Whether an item has not expired. */
    boolean isLive(Map<String, AttributeValue> item, Instant now) {
        AttributeValue expires = item.get(schema.expires());
        return expires == null || expires.n() == null || Long.parseLong(expires.n()) >= now.getEpochSecond();
    }

    /** The sort key of an item. */
    String sortKey(Map<String, AttributeValue> item) {
        KeyAttribute sortKey = Objects.requireNonNull(schema.sortKey());
        return Objects.requireNonNull(item.get(sortKey.name())).s();
    }

    private Map<String, AttributeValue> values(byte[] key, byte[] offset) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":key", AttributeValue.fromB(SdkBytes.fromByteArray(key)));
        values.put(":payload", AttributeValue.fromB(SdkBytes.fromByteArray(offset)));
        values.put(":me", AttributeValue.fromS(instance));
        return values;
    }

    private UpdateItemRequest.Builder write(
            Key place, String set, @Nullable String condition, Map<String, AttributeValue> values, Instant now) {
        if (condition != null) {
            values.put(":now", ExpressionParts.number(now.getEpochSecond()));
        }
        String update = set + " REMOVE #expires";
        if (expiry instanceof Expiry.After after) {
            values.put(":expires", ExpressionParts.number(after.from(now).getEpochSecond()));
            update = set + ", #expires = :expires";
        }
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(schema.encode(place))
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(ExpressionParts.names(update + " " + condition, this::attribute))
                .expressionAttributeValues(values);
    }

    private String attribute(String name) {
        return switch (name) {
            case "#partitionKey" -> schema.partitionKey().name();
            case "#payload" -> schema.payload();
            case "#version" -> schema.version();
            case "#expires" -> schema.expires();
            case "#holder" -> LockAttributes.HOLDER;
            case "#key" -> KEY;
            default -> POSITION;
        };
    }
}
