/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static io.dynastore.store.internal.item.Expressions.LIVE;
import static io.dynastore.store.internal.item.Expressions.NO_LOCK;
import static io.dynastore.store.internal.item.Expressions.and;

import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Placeholders;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The expressions of claims, all in one place. {@link ClaimRules} has the reasons for them.
 *
 * <pre>
 * An item of a queue, written by:  claim               renew   fail      give back  done, but changed  mark dead
 *
 *   id, name   "email", "4711"     the key             -       -         -          -                  -
 *   version    8                   + 1                 -       -         -          -                  + 1
 *   payload, expires, fields       -                   -       -         -          -                  -
 *   _dsqh      "host-1/5d0f..."    fresh id            -       removed   removed    removed            removed
 *   _dsqu      1772366460250       end, in ms          later   removed   removed    removed            removed
 *   _dsqn      2                   + 1                 -       -         - 1        removed            -
 *   _dsqf      1772366462251       end + skew + 1      later   due time  now        now                removed
 *   _dsqs      "5/email"           its shard           -       -         -          -                  removed
 *   _dsqd      8                   removed if revived  -       -         -          -                  the new version
 *   _dsqr      "rejected"          removed if revived  -       -         -          -                  the reason
 *   _dsfence   1772366400251       + 1, or time in ms  -       -         -          -                  + 1
 * </pre>
 *
 * <p>{@code _dsqs} is written only if the queue has an index, whose key it is with {@code _dsqf}.
 *
 * <p>A done item that nobody has changed is deleted. With a dead partition, a dead item moves there.
 *
 * <p>Decision 19 in docs/decisions has the reasons.
 */
final class ClaimExpressions {

    private static final String TAKE = "SET #holder = :me, #until = :until, #from = :from, #version = :version,"
            + " #fence = if_not_exists(#fence, :floor) + :one, #count = ";
    private static final String COUNT_ON = "if_not_exists(#count, :zero) + :one";
    private static final String COUNT_ANEW = ":one";
    private static final String ENTER = ", #shard = :shard";
    private static final String FORGET_DEATH = " REMOVE #dead, #reason";
    static final String RENEW = "SET #until = :until, #from = :from";
    static final String FAIL = "SET #from = :from REMOVE #holder, #until";
    static final String GIVE_BACK = "SET #count = #count - :one, #from = :from REMOVE #holder, #until";
    static final String KEEP = "SET #from = :from REMOVE #holder, #until, #count";
    static final String BURY = "SET #version = #version + :one, #dead = #version + :one, #fence = #fence + :one,"
            + " #reason = :reason REMOVE #holder, #until, #from, #shard";

    private static final String EXISTS = "attribute_exists(#partitionKey)";
    static final String ABSENT = "attribute_not_exists(#partitionKey)";
    private static final String AT_VERSION = "#version = :seen";
    private static final String WITHOUT_VERSION = and(EXISTS, "(attribute_not_exists(#version) OR #version = :zero)");
    private static final String FREE = "(attribute_not_exists(#until) OR #until < :freeBefore)";
    private static final String DUE = "(attribute_not_exists(#from) OR #from <= :due)";
    private static final String NOT_DEAD = "(attribute_not_exists(#dead) OR #dead <> #version)";
    private static final String DELIVERIES_LEFT = "(attribute_not_exists(#count) OR #count < :most)";
    private static final String REVIVED = "attribute_exists(#dead)";
    private static final String NO_DELIVERIES_LEFT = "#count >= :most AND attribute_not_exists(#dead)";

    static final String MINE = "#holder = :me";
    static final String MINE_AND_NOT_BACK = and(MINE, "#until <= :until");
    static final String MINE_AND_UNCHANGED = and(MINE, AT_VERSION);

    /** What a claim needs, whatever the version. A query filters by it. */
    static final String CLAIMABLE = and(and(and(LIVE, NO_LOCK), and(FREE, DUE)), NOT_DEAD);

    /** The key condition of a query of the index. */
    static final String DUE_IN_SHARD = "#shard = :shard AND #from <= :due";

    /** Of an item that an operator may delete. */
    static final String CANCELLABLE = and(and(EXISTS, NO_LOCK), FREE);

    /** Of an item whose due time an operator may change. */
    static final String CHANGEABLE = and(CANCELLABLE, NOT_DEAD);

    static final String IS_DEAD = "#dead = #version";
    static final String DUE_AT = "SET #from = :from";
    static final String REVIVE =
            "SET #from = :from, #version = #version + :one REMOVE #dead, #reason, #count, #holder, #until";

    private ClaimExpressions() {}

    /** The update of a claim. */
    static String claim(boolean revived, boolean indexed) {
        return TAKE + (revived ? COUNT_ANEW : COUNT_ON) + (indexed ? ENTER : "") + (revived ? FORGET_DEATH : "");
    }

    /** What a query of the table looks for if the queue has an index: claimable items that it lacks. */
    static String outsideOfIndex(int shards) {
        return and(
                CLAIMABLE,
                IntStream.range(0, shards)
                        .mapToObj(ClaimExpressions::shard)
                        .collect(Collectors.joining(
                                ", ",
                                "(attribute_not_exists(#shard) OR attribute_not_exists(#from) OR NOT #shard IN (",
                                "))")));
    }

    /** The placeholder of a shard. */
    static String shard(int number) {
        return ":shard" + number;
    }

    /** An update that puts the item into the index as well. */
    static String entering(String update) {
        return update.replace("SET #from = :from", "SET #from = :from" + ENTER);
    }

    /** The condition of a claim. */
    static String claimable(boolean versioned, boolean revived) {
        String left = revived ? REVIVED : DELIVERIES_LEFT;
        return and(versioned ? AT_VERSION : WITHOUT_VERSION, and(CLAIMABLE, left));
    }

    /** The condition of a write that buries an item which has had its deliveries, and is not in flight. */
    static String spent() {
        return and(AT_VERSION, and(FREE, NO_DELIVERIES_LEFT));
    }

    /** The attribute names behind the placeholders of these expressions. */
    static Map<String, String> names(TableSchema schema, String... expressions) {
        return Placeholders.names(placeholder -> attribute(schema, placeholder), expressions);
    }

    /** The attribute behind a placeholder. */
    static String attribute(TableSchema schema, String placeholder) {
        return switch (placeholder) {
            case "#holder" -> QueueAttributes.HOLDER;
            case "#until" -> QueueAttributes.UNTIL;
            case "#count" -> QueueAttributes.COUNT;
            case "#from" -> QueueAttributes.FROM;
            case "#shard" -> QueueAttributes.SHARD;
            case "#dead" -> QueueAttributes.DEAD;
            case "#reason" -> QueueAttributes.REASON;
            default -> Placeholders.ofItem(schema, placeholder);
        };
    }
}
