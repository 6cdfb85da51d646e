/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Builds the writes of an aggregation repository. Pure.
 *
 * <pre>
 * The item of a group, written by:   each message      completion
 *
 *   id, name     the correlation key  x                 x
 *   _dswrite     "3w5e11..."          fresh             fresh
 *   _dswrites    ["1y2z...", ...]     the last ones     the last ones
 *   _dsowner     "host-4711-1f0c"     x                 -
 *   _dsdue       1772366420250        with a time-out   -
 *   _dsgone      true                 -                 x
 *   expires      1772971201           with a ttl        an hour later
 *   content      see ExchangeForm     x                 -
 *
 * The item of a completed group:     completion        renewal   recovery
 *
 *   id, name     the exchange id      x
 *   _dsholder    "9b1c..."            fresh             -         fresh
 *   _dsuntil     1772366420250        end of lease      later     later
 *   _dsowner     "host-4711-1f0c"     x                 -         x
 *   _dsdeliveries 0                   x                 -         one more
 *   content      see ExchangeForm     x
 * </pre>
 *
 * <p>What makes a write safe to repeat, and safe if it arrives late:
 *
 * <ol>
 *   <li>Each write of a group has an id of its own, which stays in the item. Its condition names the id that was read,
 *       or its own. So it is applied to what was read, or once more with the same values, and to nothing else.
 *   <li>The item has the ids of the last writes too. So a write whose response was lost is recognised though another
 *       message was added before its repetition.
 *   <li>A completion names only the id that was read, so that it is applied once. If it is refused, the item says
 *       whether an earlier attempt of it was applied.
 *   <li>The item of a completed group stays for an hour, without its content. So a late first write of a group, which
 *       expects no item, finds one. A request is refused by the service before that hour is over, for its age.
 *   <li>Each recovery names the holder and the end of the lease that were read. So of several nodes, one recovers a
 *       group, and none does while its lease is renewed.
 *   <li>Renewal and confirm name their holder.
 * </ol>
 *
 * <p>Decision 18 in docs/decisions has the reasons.
 */
final class AggregationWrites {

    static final String WRITE = "_dswrite";
    static final String HISTORY = "_dswrites";
    static final String GONE = "_dsgone";
    static final String DUE = "_dsdue";
    static final String KEY = "_dskey";
    static final String DELIVERIES = "_dsdeliveries";
    static final String OWNER = LockAttributes.OWNER;
    static final String HOLDER = LockAttributes.HOLDER;
    static final String UNTIL = KeyWrites.UNTIL;

    /** The service accepts a request for some minutes after it was signed. */
    private static final Duration REST = Duration.ofHours(1);

    private static final String ABSENT = "attribute_not_exists(#partitionKey)";
    private static final String MINE_OR_ABSENT = ABSENT + " OR #holder = :me";

    private final TableSchema schema;
    private final AggregationPlaces places;
    private final AggregationSettings settings;

    AggregationWrites(TableSchema schema, AggregationPlaces places, AggregationSettings settings) {
        this.schema = schema;
        this.places = places;
        this.settings = settings;
    }

    /** Puts a group in place of what was read. The first is the group itself, the others are parts. */
    List<TransactWriteItem> add(GroupVersion seen, String write, StoredContent content, long due, Instant now) {
        Map<String, AttributeValue> item = item(places.group(seen.key()), seen.key(), content.attributes());
        identify(item, seen, write);
        item.put(OWNER, AttributeValue.fromS(settings.owner()));
        if (due > 0) {
            item.put(DUE, ExpressionParts.number(due));
        }
        Long expires = settings.ttl() == null ? null : now.plus(settings.ttl()).getEpochSecond();
        expiring(item, expires);
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(replacing(seen, write, item));
        putParts(writes, content, expires);
        deleteParts(writes, seen.partsId(), seen.parts());
        return writes;
    }

    /** Leaves the rest of a group in place of what was read. */
    List<TransactWriteItem> remove(GroupVersion seen, String write, Instant now) {
        Map<String, AttributeValue> item = item(places.group(seen.key()), seen.key(), Map.of());
        identify(item, seen, write);
        item.put(GONE, AttributeValue.fromBool(true));
        expiring(item, now.plus(REST).getEpochSecond());
        List<TransactWriteItem> writes = new ArrayList<>();
        // Not again if it was applied before: the completed group may be confirmed by then, and would return.
        String condition = "#write = :seen";
        writes.add(put(item, condition, Map.of(":seen", AttributeValue.fromS(String.valueOf(seen.write())))));
        deleteParts(writes, seen.partsId(), seen.parts());
        return writes;
    }

    /**
     * Puts a completed group.
     *
     * @param until the end of the lease, in milliseconds; 0 if nobody works on it yet
     */
    List<TransactWriteItem> complete(String exchangeId, String holder, StoredContent content, long until) {
        Map<String, AttributeValue> item = item(places.completed(exchangeId), exchangeId, content.attributes());
        item.put(HOLDER, AttributeValue.fromS(holder));
        item.put(OWNER, AttributeValue.fromS(settings.owner()));
        item.put(UNTIL, ExpressionParts.number(until));
        item.put(DELIVERIES, ExpressionParts.number(0));
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(put(item, MINE_OR_ABSENT, ExpressionParts.me(holder)));
        putParts(writes, content, null);
        return writes;
    }

    /** Moves the end of a lease. */
    UpdateItemRequest.Builder renew(String exchangeId, String holder, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        values.put(":until", ExpressionParts.number(leaseEnd(now)));
        return update(
                places.completed(exchangeId), "SET #until = :until", "#holder = :me AND #until <= :until", values);
    }

    /** Takes a completed group that is as it was read. Returns the whole item. */
    UpdateItemRequest.Builder recover(CompletedRow seen, String holder, long deliveries, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        values.put(":seen", AttributeValue.fromS(seen.holder()));
        values.put(":seenUntil", ExpressionParts.number(seen.until()));
        values.put(":owner", AttributeValue.fromS(settings.owner()));
        values.put(":until", ExpressionParts.number(leaseEnd(now)));
        values.put(":deliveries", ExpressionParts.number(deliveries));
        return update(
                        places.completed(seen.exchangeId()),
                        "SET #holder = :me, #owner = :owner, #until = :until, #deliveries = :deliveries",
                        "(#holder = :seen AND #until = :seenUntil) OR (#holder = :me AND #until <= :until)",
                        values)
                .returnValues(ReturnValue.ALL_NEW);
    }

    /** Deletes a completed group. The first is the group itself, the others are parts. */
    List<TransactWriteItem> confirm(CompletedClaim claim) {
        List<TransactWriteItem> writes = new ArrayList<>();
        Delete delete = Delete.builder()
                .tableName(schema.table())
                .key(schema.encode(places.completed(claim.exchangeId())))
                .conditionExpression(MINE_OR_ABSENT)
                .expressionAttributeNames(ExpressionParts.names(MINE_OR_ABSENT, this::attribute))
                .expressionAttributeValues(ExpressionParts.me(claim.holder()))
                .build();
        writes.add(TransactWriteItem.builder().delete(delete).build());
        deleteParts(writes, claim.partsId(), claim.parts());
        return writes;
    }

    /** Takes the lease of the node that looks for overdue groups, unless another has it. */
    UpdateItemRequest.Builder lookForTimeouts(String holder, Duration length, Instant now) {
        Map<String, AttributeValue> values = ExpressionParts.me(holder);
        values.put(":owner", AttributeValue.fromS(settings.owner()));
        values.put(":now", ExpressionParts.number(now.toEpochMilli()));
        values.put(":until", ExpressionParts.number(now.plus(length).toEpochMilli()));
        return update(
                places.timeouts(),
                "SET #holder = :me, #owner = :owner, #until = :until",
                "attribute_not_exists(#until) OR #until < :now OR #holder = :me",
                values);
    }

    long leaseEnd(Instant now) {
        return now.plus(settings.lease()).toEpochMilli();
    }

    private TransactWriteItem replacing(GroupVersion seen, String write, Map<String, AttributeValue> item) {
        Map<String, AttributeValue> values = ExpressionParts.me(write);
        String condition = "#write = :me";
        if (seen.write() != null) {
            values.put(":seen", AttributeValue.fromS(seen.write()));
            condition += " OR #write = :seen";
        }
        return put(item, seen.live() ? condition : ABSENT + " OR " + condition, values);
    }

    private void putParts(List<TransactWriteItem> writes, StoredContent content, @Nullable Long expires) {
        for (int i = 0; i < content.parts().size(); i++) {
            Map<String, AttributeValue> part = new HashMap<>(schema.encode(places.part(content.id(), i)));
            SdkBytes bytes = SdkBytes.fromByteArrayUnsafe(content.parts().get(i));
            part.put(StoredContent.PACKED, AttributeValue.fromB(bytes));
            expiring(part, expires);
            writes.add(TransactWriteItem.builder()
                    .put(put -> put.tableName(schema.table()).item(part))
                    .build());
        }
    }

    private void deleteParts(List<TransactWriteItem> writes, String id, int parts) {
        for (int i = 0; i < parts; i++) {
            Key place = places.part(id, i);
            writes.add(TransactWriteItem.builder()
                    .delete(delete -> delete.tableName(schema.table()).key(schema.encode(place)))
                    .build());
        }
    }

    private Map<String, AttributeValue> item(Key place, String key, Map<String, AttributeValue> content) {
        Map<String, AttributeValue> item = new HashMap<>(content);
        item.putAll(schema.encode(place));
        if (!key.equals(SortKeys.of(key))) {
            item.put(KEY, AttributeValue.fromS(Texts.sound(key)));
        }
        return item;
    }

    private static void identify(Map<String, AttributeValue> item, GroupVersion seen, String write) {
        item.put(WRITE, AttributeValue.fromS(write));
        List<AttributeValue> history =
                seen.historyWith(write).stream().map(AttributeValue::fromS).toList();
        item.put(HISTORY, AttributeValue.fromL(history));
    }

    private void expiring(Map<String, AttributeValue> item, @Nullable Long second) {
        if (second != null) {
            item.put(schema.expires(), ExpressionParts.number(second));
        }
    }

    private TransactWriteItem put(
            Map<String, AttributeValue> item, String condition, Map<String, AttributeValue> values) {
        Put put = Put.builder()
                .tableName(schema.table())
                .item(item)
                .conditionExpression(condition)
                .expressionAttributeNames(ExpressionParts.names(condition, this::attribute))
                .expressionAttributeValues(values)
                .build();
        return TransactWriteItem.builder().put(put).build();
    }

    private UpdateItemRequest.Builder update(
            Key place, String update, String condition, Map<String, AttributeValue> values) {
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
            case "#write" -> WRITE;
            case "#holder" -> HOLDER;
            case "#owner" -> OWNER;
            case "#until" -> UNTIL;
            default -> DELIVERIES;
        };
    }
}
