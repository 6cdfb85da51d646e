/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static io.dynastore.store.internal.item.ConditionalUpdates.number;
import static io.dynastore.store.internal.item.ConditionalUpdates.text;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.ConditionalUpdates;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds the requests of members, and reads the items of a group. Pure. Thread safe. */
final class GroupRequests {

    private static final String LEASE = "lease/";
    private static final String MEMBER = "member/";
    private static final int LONGEST_NAME = 512;

    /** The most bytes of a char in UTF-8. */
    private static final int MOST_BYTES = 3;

    private static final Duration MEMBER_PURGE = Duration.ofDays(1);

    private static final AttributeValue ZERO = number(0);
    private static final AttributeValue ONE = number(1);

    private final TableSchema schema;
    private final GroupSettings settings;
    private final ConditionalUpdates updates;
    private final LeaseRequests leases;
    private final Map<String, AttributeValue> ownKey;

    GroupRequests(TableSchema schema, GroupSettings settings) {
        this.schema = schema;
        this.settings = settings;
        this.updates = new ConditionalUpdates(schema, name -> GroupExpressions.attribute(schema, name));
        this.leases = new LeaseRequests(settings, updates, this::leaseKey);
        this.ownKey = Map.copyOf(memberKey(settings.member()));
    }

    TableSchema schema() {
        return schema;
    }

    /** Builds the requests of leases. */
    LeaseRequests leases() {
        return leases;
    }

    /** The name of a lease in its sort key. A partition key may be longer than the longest sort key. */
    static String leaseName(String partition) {
        if (partition.length() <= LONGEST_NAME / MOST_BYTES) {
            return partition;
        }
        byte[] bytes = partition.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_NAME) {
            return partition;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "sha256/" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The key of a lease. */
    Map<String, AttributeValue> leaseKey(String name) {
        return key(LEASE + name);
    }

    /** The key of a member. */
    Map<String, AttributeValue> memberKey(String name) {
        return key(MEMBER + name);
    }

    /** The key of this member. */
    Map<String, AttributeValue> ownKey() {
        return ownKey;
    }

    private Map<String, AttributeValue> key(String sortKey) {
        return schema.encode(Key.of(TableSchema.OWN_PARTITIONS + "group/" + settings.group(), sortKey));
    }

    /** A lease in an item of the group; null if the item is none. */
    @Nullable
    LeaseItem lease(Map<String, AttributeValue> item) {
        String name = sortKey(item);
        return name.startsWith(LEASE) ? LeaseItem.of(schema, name.substring(LEASE.length()), item) : null;
    }

    /** A lease as a write has left it or found it; null if there is none. */
    @Nullable
    LeaseItem lease(String name, GroupWrite result) {
        Map<String, AttributeValue> found = result instanceof GroupWrite.Applied applied
                ? applied.item()
                : result instanceof GroupWrite.Refused refused ? refused.found() : null;
        return found == null || found.isEmpty() ? null : LeaseItem.of(schema, name, found);
    }

    /** A member in an item of the group; null if the item is none. */
    @Nullable
    MemberItem member(Map<String, AttributeValue> item) {
        String name = sortKey(item);
        return name.startsWith(MEMBER) ? MemberItem.of(schema, name.substring(MEMBER.length()), item) : null;
    }

    private String sortKey(Map<String, AttributeValue> item) {
        String name = schema.sortKey() == null
                ? null
                : LeaseItem.text(item, schema.sortKey().name());
        return name == null ? "" : name;
    }

    /** The key of a lease for messages. */
    Key shownLease(String name) {
        return Key.of(TableSchema.OWN_PARTITIONS + "group/" + settings.group(), LEASE + name);
    }

    /**
     * Gives a sign of life.
     *
     * @param create whether it makes the item. Others don't, so that a late one does not bring a member back that left
     * @param heard what the member has heard of, and needs no more
     */
    UpdateItemRequest beat(int most, long joined, boolean create, Collection<FreedPartition> heard, ClockReading now) {
        Map<String, AttributeValue> values = new HashMap<>();
        long until = LeaseRules.until(now.wall(), settings.lease());
        values.put(":until", number(until));
        values.put(":purge", number(until / 1000 + MEMBER_PURGE.toSeconds()));
        values.put(":most", number(most));
        values.put(":kind", text(settings.kind()));
        values.put(":joined", number(joined));
        values.put(":one", ONE);
        values.put(":zero", ZERO);
        if (!heard.isEmpty()) {
            values.put(":given", FreedPartition.set(heard));
        }
        String update = heard.isEmpty() ? GroupExpressions.BEAT : GroupExpressions.BEAT_AND_HEARD;
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(ownKey)
                .updateExpression(update)
                .conditionExpression(create ? null : GroupExpressions.PRESENT)
                .expressionAttributeNames(updates.names(create ? update : update + ' ' + GroupExpressions.PRESENT))
                .expressionAttributeValues(values)
                .build();
    }

    /** Tells a member of partitions that were freed for it. It changes nothing else, and makes no item. */
    UpdateItemRequest give(String member, Collection<FreedPartition> freed) {
        return updates.update(
                        memberKey(member),
                        GroupExpressions.GIVE,
                        GroupExpressions.PRESENT,
                        Map.of(":given", FreedPartition.set(freed)))
                .build();
    }

    /** Reads all items of the group, page by page. */
    QueryRequest query() {
        return QueryRequest.builder()
                .tableName(schema.table())
                .keyConditionExpression(GroupExpressions.OF_GROUP)
                .expressionAttributeNames(updates.names(GroupExpressions.OF_GROUP))
                .expressionAttributeValues(
                        Map.of(":group", text(TableSchema.OWN_PARTITIONS + "group/" + settings.group())))
                .build();
    }
}
