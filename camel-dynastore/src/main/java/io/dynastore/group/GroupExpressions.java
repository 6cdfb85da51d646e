/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Placeholders;

/**
 * The expressions of groups, all in one place. {@link GroupRules} has the reasons for them.
 *
 * <pre>
 * The lease of a partition, written by:    acquire       checkpoint    free      ask
 *
 *   id           "_ds/group/shipping"
 *   name         "lease/north"
 *   version      1772366400251             + 1           + 1           + 1       -
 *   payload      "eyJ2..."   the position  -             may move      may move  -
 *   _dslock      1                         set           -             -         -
 *   _dsholder    "5d0f..."   the lease     set           -             removed   -
 *   _dsowner     "host-4711" the member    set           -             removed   -
 *   _dsuntil     1772366420250             set           later         removed   -
 *   _dslease     20000                     set           -             removed   -
 *   _dsfence     1772366400251 the token   set           -             -         -
 *   _dsreleased  "91aa..."                 -             -             set       -
 *   _dsseq       17                        + 1           set           set       -
 *   _dswant      "host-9321"  the asker    removed       -             removed   set
 *   _dsfor       "host-9321"  kept for     removed       -             set       -
 *   _dsforuntil  1772366425250             removed       -             set       -
 *
 * A member:   name "member/host-4711", version, expires, _dsuntil, _dsmost, _dskind, _dsjoined;
 *             _dsgiven, a set, gets each partition that another member has freed for it
 * </pre>
 */
final class GroupExpressions {

    static final String SEQ = "_dsseq";
    static final String WANT = "_dswant";
    static final String FOR = "_dsfor";
    static final String FOR_UNTIL = "_dsforuntil";
    static final String MOST = "_dsmost";
    static final String KIND = "_dskind";
    static final String JOINED = "_dsjoined";
    static final String GIVEN = "_dsgiven";

    static final String ACQUIRE = "SET #lock = :one, #holder = :me, #owner = :member, #until = :until,"
            + " #lease = :lease, #version = if_not_exists(#version, :floor) + :one,"
            + " #fence = if_not_exists(#version, :floor) + :one, #seq = if_not_exists(#seq, :zero) + :one"
            + " REMOVE #want, #for, #forUntil";

    /** Takes the position of a single consumer over, if the partition has none. */
    static final String ACQUIRE_FIRST =
            ACQUIRE.replace(" REMOVE", ", #payload = if_not_exists(#payload, :position) REMOVE");

    private static final String LOCK_OR_NOTHING = "(attribute_not_exists(#partitionKey) OR attribute_exists(#lock))";
    private static final String NOT_KEPT = "(attribute_not_exists(#for) OR #for = :member OR #forUntil < :now)";
    private static final String NO_HOLDER = "(attribute_not_exists(#holder) AND " + NOT_KEPT + ")";
    private static final String RAN_OUT = "#until < :freeBefore";
    private static final String AS_SEEN = "#version = :seen";
    private static final String NOT_RELEASED = "(attribute_not_exists(#released) OR #released <> :me)";

    static final String RENEW = "SET #until = :until, #version = #version + :one, #seq = :seq";
    static final String CHECKPOINT = RENEW + ", #payload = :position";
    static final String MINE_AND_NEXT = "#holder = :me AND #seq < :seq";

    private static final String RELEASED = "SET #released = :me, #version = #version + :one, #seq = :seq";
    private static final String POSITION = ", #payload = :position";
    private static final String KEEP = ", #for = :asker, #forUntil = :keepUntil";
    private static final String LEAVE = " REMOVE #holder, #owner, #until, #lease, #want";

    /** Gives back what an acquire without response may have taken. */
    static final String GIVE_BACK = "SET #released = :me, #version = #version + :one" + LEAVE + ", #for, #forUntil";

    static final String MINE = "#holder = :me";

    static final String ASK = "SET #want = :member";
    static final String HELD = "attribute_exists(#holder)";
    static final String AS_HELD = "#holder = :holder";

    /** By an operator, while nobody has the partition. It ends a lease that has run out. */
    static final String SET_POSITION = "SET #lock = :one, #version = if_not_exists(#version, :floor) + :one,"
            + " #seq = if_not_exists(#seq, :zero) + :one, #payload = :position" + LEAVE;

    static final String DELETE_POSITION = "SET #lock = :one, #version = if_not_exists(#version, :floor) + :one,"
            + " #seq = if_not_exists(#seq, :zero) + :one" + LEAVE + ", #payload";

    /**
     * The condition of an operator's write.
     *
     * @param ranOut whether a clock may end a lease
     * @param present whether the lease has a version
     */
    static String movable(boolean ranOut, boolean present) {
        return LOCK_OR_NOTHING + " AND " + (present ? AS_SEEN : "attribute_not_exists(#version)") + " AND "
                + (ranOut ? "(attribute_not_exists(#holder) OR " + RAN_OUT + ")" : "attribute_not_exists(#holder)");
    }

    static final String BEAT =
            "SET #until = :until, #expires = :purge, #version = if_not_exists(#version, :zero) + :one,"
                    + " #most = :most, #kind = :kind, #joined = :joined";

    /** What the member has heard of is removed by its next sign of life. */
    static final String BEAT_AND_HEARD = BEAT + " DELETE #given :given";

    static final String GIVE = "ADD #given :given";

    static final String PRESENT = "attribute_exists(#partitionKey)";

    static final String OF_GROUP = "#partitionKey = :group";

    private GroupExpressions() {}

    /** The condition of an acquire. The service refuses parentheses around parentheses. */
    static String free(GroupRules.Grounds grounds) {
        if (grounds.equals(GroupRules.Grounds.FREE)) {
            return LOCK_OR_NOTHING + " AND " + NO_HOLDER + " AND " + NOT_RELEASED;
        }
        StringBuilder free = new StringBuilder(NO_HOLDER);
        if (grounds.freeBefore() != null) {
            free.append(" OR ").append(RAN_OUT);
        }
        if (grounds.seen() != null) {
            free.append(" OR ").append(AS_SEEN);
        }
        return LOCK_OR_NOTHING + " AND (" + free + ") AND " + NOT_RELEASED;
    }

    /** The update that frees a partition. */
    static String release(boolean position, boolean kept) {
        return RELEASED + (position ? POSITION : "") + (kept ? KEEP + LEAVE : LEAVE + ", #for, #forUntil");
    }

    /** The attribute behind a name in these expressions. */
    static String attribute(TableSchema schema, String name) {
        return switch (name) {
            case "#seq" -> SEQ;
            case "#want" -> WANT;
            case "#for" -> FOR;
            case "#forUntil" -> FOR_UNTIL;
            case "#most" -> MOST;
            case "#kind" -> KIND;
            case "#joined" -> JOINED;
            case "#given" -> GIVEN;
            default -> Placeholders.ofLease(schema, name);
        };
    }
}
