/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.ABSENT;
import static io.dynastore.store.internal.item.Expressions.AT_VERSION;
import static io.dynastore.store.internal.item.Expressions.EXPECTED;
import static io.dynastore.store.internal.item.Expressions.EXPIRES;
import static io.dynastore.store.internal.item.Expressions.PARTITION_KEY;
import static io.dynastore.store.internal.item.Expressions.SEEN_EXPIRES;
import static io.dynastore.store.internal.item.Expressions.STILL_EXPIRED;
import static io.dynastore.store.internal.item.Expressions.VERSION;
import static io.dynastore.store.internal.item.Expressions.WITHOUT_VERSION;
import static io.dynastore.store.internal.item.Expressions.ZERO;
import static io.dynastore.store.internal.item.Expressions.and;

import io.dynastore.store.Incarnation;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.Outcome;
import io.dynastore.store.TableSchema;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Writes a whole item, if there is none or in place of an expired one.
 *
 * <p>The item, with the default attribute names:
 *
 * <pre>
 * attribute            type   meaning
 * id, name             SNB    key; the sort key only if the table has one
 * version              N      1, or one more than that of the expired item
 * payload              any    value
 * expires              N      epoch second after which the item counts as absent; missing if it never expires
 * (field name)         any    extra fields
 * _dsfence             N      token of the latest fenced write; missing if there was none
 * _dsw0, _dsv0, _dsc   B N B  write history, see {@link HistoryAttributes}
 * </pre>
 *
 * <p>An expired item is replaced only as it was seen. If another writer was faster, or the service has removed the
 * item, the condition fails and the caller applies its rules again. No field of the old item survives. The version
 * continues from the old one, so that a client with the old version can't mistake the new item for the old one.
 */
public final class ItemPut {

    private static final String STILL_EXPIRED_AT_VERSION = and(AT_VERSION, STILL_EXPIRED);
    private static final String STILL_EXPIRED_WITHOUT_VERSION = and(WITHOUT_VERSION, STILL_EXPIRED);
    private static final AttributeValue NONE = AttributeValue.fromN("0");

    private final TableContext table;
    private final Map<String, String> absentNames;
    private final Map<String, String> expiredNames;

    public ItemPut(TableContext table) {
        TableSchema schema = table.schema();
        this.table = table;
        this.absentNames = Map.of(PARTITION_KEY, schema.partitionKey().name());
        this.expiredNames = Map.of(VERSION, schema.version(), EXPIRES, schema.expires());
    }

    /** Writes version 1 if no item has this key, not even an expired one. */
    public CompletableFuture<Outcome.Written> create(EncodedItem item, SdkBytes id) {
        return send(item, 1, creation(item, id), new Incarnation(id));
    }

    /** The request of {@link #create}. */
    public PutItemRequest creation(EncodedItem item, SdkBytes id) {
        Map<String, AttributeValue> attributes = item.attributes(table.schema(), 1);
        HistoryAttributes.begin(id, 1, attributes);
        return request(attributes)
                .conditionExpression(ABSENT)
                .expressionAttributeNames(absentNames)
                .build();
    }

    /** Replaces an expired item, at the version after its own. */
    public CompletableFuture<Outcome.Written> replace(StoredItem expired, EncodedItem item, SdkBytes id) {
        return send(
                item,
                expired.version() + 1,
                replacement(expired, item, id),
                expired.incarnation().name() == null ? new Incarnation(id) : expired.incarnation());
    }

    /** The request of {@link #replace}. */
    public PutItemRequest replacement(StoredItem expired, EncodedItem item, SdkBytes id) {
        long seen = expired.version();
        checkVersion(table, item.key(), seen);
        AttributeValue expires =
                Objects.requireNonNull(expired.attributes().get(table.schema().expires()));
        AttributeValue version = AttributeValue.fromN(Long.toString(seen));
        Map<String, AttributeValue> attributes = item.attributes(table.schema(), seen + 1);
        HistoryAttributes.carryOver(expired.attributes(), id, seen + 1, attributes);
        if (item.fence() == null && expired.attributes().containsKey(LockAttributes.FENCE)) {
            attributes.put(LockAttributes.FENCE, AttributeValue.fromN(Long.toString(expired.fence())));
        }
        return request(attributes)
                .conditionExpression(seen == 0 ? STILL_EXPIRED_WITHOUT_VERSION : STILL_EXPIRED_AT_VERSION)
                .expressionAttributeNames(expiredNames)
                .expressionAttributeValues(
                        seen == 0
                                ? Map.of(ZERO, NONE, SEEN_EXPIRES, expires)
                                : Map.of(EXPECTED, version, SEEN_EXPIRES, expires))
                .build();
    }

    /** Checks that a version has a successor: the next number would be the smallest, or one that nobody can read. */
    static void checkVersion(TableContext table, Key key, long version) {
        if (version == Long.MAX_VALUE) {
            throw withoutSuccessor(table, key, Long.toString(version));
        }
    }

    static InvalidInputException withoutSuccessor(TableContext table, Key key, String version) {
        return new InvalidInputException(
                "Table " + table.name() + ", key " + key + ": the item is at the greatest version, " + version
                        + ", and no other follows. Nothing was changed: delete the item, and create it again.",
                null);
    }

    private PutItemRequest.Builder request(Map<String, AttributeValue> attributes) {
        return PutItemRequest.builder()
                .tableName(table.name())
                .item(attributes)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    private CompletableFuture<Outcome.Written> send(
            EncodedItem item, long version, PutItemRequest request, Incarnation incarnation) {
        return table.client()
                .putItem(request)
                .thenApply(response -> new Outcome.Written(
                        item.key(),
                        version,
                        incarnation,
                        item.expires(),
                        item.increments(table, request.item()),
                        Capacity.of(response.consumedCapacity())));
    }
}
