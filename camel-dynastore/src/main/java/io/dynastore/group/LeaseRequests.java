/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static io.dynastore.store.internal.item.ConditionalUpdates.number;
import static io.dynastore.store.internal.item.ConditionalUpdates.text;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.store.internal.item.ConditionalUpdates;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Builds the writes of leases. Each names a lease as in its sort key. Pure. Thread safe. */
final class LeaseRequests {

    private static final AttributeValue ZERO = number(0);
    private static final AttributeValue ONE = number(1);

    private final GroupSettings settings;
    private final ConditionalUpdates updates;
    private final Function<String, Map<String, AttributeValue>> key;

    /**
     * The writes of a group's leases.
     *
     * @param key the key of a lease, by its name
     */
    LeaseRequests(
            GroupSettings settings, ConditionalUpdates updates, Function<String, Map<String, AttributeValue>> key) {
        this.settings = settings;
        this.updates = updates;
        this.key = key;
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
        return updates.update(key.apply(name), update, GroupExpressions.free(grounds), values)
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
        return updates.update(key.apply(name), update, GroupExpressions.MINE_AND_NEXT, values)
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
        return updates.update(key.apply(name), update, GroupExpressions.MINE_AND_NEXT, values)
                .build();
    }

    /** Gives back what an acquire may have taken whose response is missing or late. */
    UpdateItemRequest giveBack(String name, String id) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(id));
        values.put(":one", ONE);
        return updates.update(key.apply(name), GroupExpressions.GIVE_BACK, GroupExpressions.MINE, values)
                .build();
    }

    /** Asks the owner of a lease for it. */
    UpdateItemRequest ask(String name, String holder) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":member", text(settings.member()));
        values.put(":holder", text(holder));
        return updates.update(key.apply(name), GroupExpressions.ASK, GroupExpressions.AS_HELD, values)
                .build();
    }

    /** Asks the owner of a lease to free it, for nobody in particular. */
    UpdateItemRequest release(String name) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":member", text(GroupRules.NOBODY));
        return updates.update(key.apply(name), GroupExpressions.ASK, GroupExpressions.HELD, values)
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
        return updates.update(key.apply(name), update, GroupExpressions.movable(trusted, seen != null), values)
                .build();
    }

    private static Map<String, AttributeValue> next(String id, long seq) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", text(id));
        values.put(":seq", number(seq));
        values.put(":one", ONE);
        return values;
    }

    private static void put(Map<String, AttributeValue> values, String name, @Nullable Long value) {
        if (value != null) {
            values.put(name, number(value));
        }
    }
}
