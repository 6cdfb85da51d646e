/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds the requests of a group. Pure. Thread safe. */
final class GroupRequests {

    private static final String LEASE = "lease/";
    private static final String MEMBER = "member/";
    private static final int LONGEST_NAME = 512;
    private static final Duration MEMBER_PURGE = Duration.ofDays(1);

    private static final AttributeValue ZERO = number(0);
    private static final AttributeValue ONE = number(1);

    private final TableSchema schema;
    private final GroupSettings settings;
    private final Map<String, Map<String, String>> names = new ConcurrentHashMap<>();

    GroupRequests(TableSchema schema, GroupSettings settings) {
        this.schema = schema;
        this.settings = settings;
    }

    TableSchema schema() {
        return schema;
    }

    /** The name of a lease in its sort key. A partition key may be longer than the longest sort key. */
    static String leaseName(String partition) {
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

    private Map<String, AttributeValue> key(String sortKey) {
        return schema.encode(Key.of(TableSchema.OWN_PARTITIONS + "group/" + settings.group(), sortKey));
    }

    /** A lease in an item of the group; null if the item is none. */
    @Nullable
    LeaseItem lease(Map<String, AttributeValue> item) {
        String name = sortKey(item);
        return name.startsWith(LEASE) ? LeaseItem.of(schema, name.substring(LEASE.length()), item) : null;
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

    /**
     * Takes a partition.
     *
     * @param id the fresh id of the lease
     * @param position the position that a partition without one gets; null: none
     */
    UpdateItemRequest acquire(
            String name, String id, @Nullable String position, GroupRules.Grounds grounds, ClockReading now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(id));
        values.put(":member", text(settings.member()));
        values.put(":until", number(LeaseRules.until(now.wall(), settings.lease())));
        values.put(":lease", number(settings.lease().toMillis()));
        values.put(":floor", number(LeaseRules.floor(now.wall())));
        values.put(":now", number(now.wall().toEpochMilli()));
        values.put(":one", ONE);
        values.put(":zero", ZERO);
        put(values, ":freeBefore", grounds.freeBefore());
        put(values, ":seen", grounds.seen());
        if (position != null) {
            values.put(":position", text(position));
        }
        String update = position == null ? GroupExpressions.ACQUIRE : GroupExpressions.ACQUIRE_FIRST;
        return update(leaseKey(name), update, GroupExpressions.free(grounds), values)
                .returnValues(ReturnValue.ALL_NEW)
                .build();
    }

    /**
     * Renews a lease, and moves the position.
     *
     * @param position the position; null: it stays
     */
    UpdateItemRequest checkpoint(String name, String id, long seq, long until, @Nullable String position) {
        Map<String, AttributeValue> values = next(id, seq);
        values.put(":until", number(until));
        if (position != null) {
            values.put(":position", text(position));
        }
        String update = position == null ? GroupExpressions.RENEW : GroupExpressions.CHECKPOINT;
        return update(leaseKey(name), update, GroupExpressions.MINE_AND_NEXT, values)
                .returnValues(ReturnValue.ALL_NEW)
                .build();
    }

    /**
     * Frees a partition.
     *
     * @param position the position; null: it stays
     * @param asker the member that the partition is kept for; null: nobody
     */
    UpdateItemRequest free(
            String name, String id, long seq, @Nullable String position, @Nullable String asker, ClockReading now) {
        Map<String, AttributeValue> values = next(id, seq);
        if (position != null) {
            values.put(":position", text(position));
        }
        if (asker != null) {
            values.put(":asker", text(asker));
            values.put(
                    ":keepUntil",
                    number(now.wall().plus(GroupRules.kept(settings)).toEpochMilli()));
        }
        String update = GroupExpressions.release(position != null, asker != null);
        return update(leaseKey(name), update, GroupExpressions.MINE_AND_NEXT, values)
                .build();
    }

    /** Gives back what an acquire may have taken whose response is missing or late. */
    UpdateItemRequest giveBack(String name, String id) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(id));
        values.put(":one", ONE);
        return update(leaseKey(name), GroupExpressions.GIVE_BACK, GroupExpressions.MINE, values)
                .build();
    }

    /** Asks the owner of a lease for it. */
    UpdateItemRequest ask(String name, String holder) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":member", text(settings.member()));
        values.put(":holder", text(holder));
        return update(leaseKey(name), GroupExpressions.ASK, GroupExpressions.AS_HELD, values)
                .build();
    }

    /** Asks the owner of a lease to free it, for nobody in particular. */
    UpdateItemRequest release(String name) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":member", text(GroupRules.NOBODY));
        return update(leaseKey(name), GroupExpressions.ASK, GroupExpressions.HELD, values)
                .build();
    }

    /**
     * Moves the position of a partition that nobody has, anywhere; null deletes it.
     *
     * @param trusted whether a lease has run out that ended before now, less the allowance of the settings
     * @param seen the version that the lease must have; null if it has none
     */
    UpdateItemRequest move(
            String name, @Nullable String position, Instant now, boolean trusted, @Nullable AttributeValue seen) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":one", ONE);
        values.put(":zero", ZERO);
        values.put(":floor", number(LeaseRules.floor(now)));
        if (trusted) {
            values.put(":freeBefore", number(now.minus(settings.clockSkew()).toEpochMilli()));
        }
        if (seen != null) {
            values.put(":seen", seen);
        }
        if (position != null) {
            values.put(":position", text(position));
        }
        String update = position == null ? GroupExpressions.DELETE_POSITION : GroupExpressions.SET_POSITION;
        return update(leaseKey(name), update, GroupExpressions.movable(trusted, seen != null), values)
                .build();
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
                .key(memberKey(settings.member()))
                .updateExpression(update)
                .conditionExpression(create ? null : GroupExpressions.PRESENT)
                .expressionAttributeNames(names(create ? update : update + ' ' + GroupExpressions.PRESENT))
                .expressionAttributeValues(values)
                .build();
    }

    /** Tells a member of partitions that were freed for it. It changes nothing else, and makes no item. */
    UpdateItemRequest give(String member, Collection<FreedPartition> freed) {
        return update(
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
                .expressionAttributeNames(names(GroupExpressions.OF_GROUP))
                .expressionAttributeValues(
                        Map.of(":group", text(TableSchema.OWN_PARTITIONS + "group/" + settings.group())))
                .build();
    }

    private static Map<String, AttributeValue> next(String id, long seq) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(id));
        values.put(":seq", number(seq));
        values.put(":one", ONE);
        return values;
    }

    private UpdateItemRequest.Builder update(
            Map<String, AttributeValue> key, String update, String condition, Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(schema.table())
                .key(key)
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names(update + ' ' + condition))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private Map<String, String> names(String expressions) {
        return names.computeIfAbsent(expressions, text -> Map.copyOf(GroupExpressions.names(schema, text)));
    }

    private static void put(Map<String, AttributeValue> values, String name, @Nullable Long value) {
        if (value != null) {
            values.put(name, number(value));
        }
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }
}
