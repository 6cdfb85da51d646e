/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.KeyAttribute;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one place where the expressions of locks are written. Why they are as they are stands in {@link LeaseRules}. */
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

    private static final Pattern NAME = Pattern.compile("#\\w+");

    private LockExpressions() {}

    /** The condition of an acquire. */
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

    /** What is needed to judge a lock without its data. */
    static String attributes(TableSchema schema) {
        return "#partitionKey, #lock, #holder, #owner, #until, #lease, #version, #fence"
                + (schema.sortKey() == null ? "" : ", #sortKey");
    }

    /** The attribute names for every name in these expressions. */
    static Map<String, String> names(TableSchema schema, String... expressions) {
        Map<String, String> names = new HashMap<>();
        for (String expression : expressions) {
            Matcher found = NAME.matcher(expression);
            while (found.find()) {
                names.put(found.group(), name(schema, found.group()));
            }
        }
        return names;
    }

    private static String name(TableSchema schema, String name) {
        KeyAttribute sortKey = schema.sortKey();
        return switch (name) {
            case "#partitionKey" -> schema.partitionKey().name();
            case "#sortKey" -> sortKey == null ? "" : sortKey.name();
            case "#version" -> schema.version();
            case "#expires" -> schema.expires();
            case "#payload" -> schema.payload();
            case "#lock" -> LockAttributes.LOCK;
            case "#fence" -> LockAttributes.FENCE;
            case "#holder" -> LockAttributes.HOLDER;
            case "#owner" -> LockAttributes.OWNER;
            case "#until" -> LockItem.UNTIL;
            case "#lease" -> LockItem.LEASE;
            case "#released" -> LockItem.RELEASED;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
