/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Placeholders;
import java.util.Map;

/**
 * The expressions of locks, all in one place. {@link LeaseRules} has the reasons for them.
 *
 * <pre>
 * The item of a lock, written by:    acquire                         renew     release
 *
 *   id, name     "locks", "import"   the key of the lock             -         -
 *   version      1772366400251       + 1, or time in ms + 1          + 1       + 1
 *   expires      1772971201          when TTL may remove the item    later     later
 *   payload      {"step":3}          the lock's data, if any         -         -
 *   _dslock      1                   the item is a lock              -         -
 *   _dsholder    "5d0f..."           a fresh id for each attempt     -         removed
 *   _dsowner     "host-4711-1f0c"    the owner, for readers          -         removed
 *   _dsuntil     1772366420250       the end of the lease, in ms     later     removed
 *   _dslease     20000               the length of the lease, in ms  -         removed
 *   _dsfence     1772366400251       the version after the acquire   -         -
 *   _dsreleased  "91aa..."           -                               -         the holder that released it last
 * </pre>
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 */
final class LockExpressions {

    private static final String TAKE = "SET #lock = :lock, #holder = :me, #owner = :owner, #until = :until,"
            + " #lease = :lease, #expires = :purge, #version = if_not_exists(#version, :floor) + :one,"
            + " #fence = if_not_exists(#version, :floor) + :one";
    static final String ACQUIRE = TAKE;
    static final String ACQUIRE_WITH_DATA = TAKE + ", #payload = :payload";

    private static final String LOCK_OR_NOTHING = "(attribute_not_exists(#partitionKey) OR attribute_exists(#lock))";
    private static final String NOT_RELEASED = "(attribute_not_exists(#released) OR #released <> :me)";
    private static final String NO_HOLDER = "attribute_not_exists(#holder)";
    private static final String RAN_OUT = "#until < :freeBefore";
    private static final String AS_SEEN = "#version = :seen";

    static final String RENEW = "SET #until = :until, #expires = :purge, #version = #version + :one";
    static final String MINE_AND_NOT_BACK = "#holder = :me AND #until <= :until";

    static final String RELEASE = "SET #released = :me, #expires = :purge, #version = #version + :one"
            + " REMOVE #holder, #owner, #until, #lease";
    static final String MINE = "#holder = :me";

    static final String IN_PARTITION = "#partitionKey = :partition";
    static final String LOCKS = "attribute_exists(#lock)";

    private LockExpressions() {}

    /** The condition of an acquire: there is no holder, or it may be taken over. */
    static String free(LeaseRules.Grounds grounds) {
        StringBuilder free = new StringBuilder(NO_HOLDER);
        if (grounds.freeBefore() != null) {
            free.append(" OR ").append(RAN_OUT);
        }
        if (grounds.seen() != null) {
            free.append(" OR ").append(AS_SEEN);
        }
        return LOCK_OR_NOTHING + " AND (" + free + ") AND " + NOT_RELEASED;
    }

    /** The attributes that show whether a lock is free, without its data. */
    static String attributes(TableSchema schema) {
        return "#partitionKey, #lock, #holder, #owner, #until, #lease, #version, #fence"
                + (schema.sortKey() == null ? "" : ", #sortKey");
    }

    /** The attribute names for every name in these expressions. */
    static Map<String, String> names(TableSchema schema, String... expressions) {
        return Placeholders.names(name -> Placeholders.ofLease(schema, name), expressions);
    }
}
