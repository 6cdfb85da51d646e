/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import org.jspecify.annotations.Nullable;

/**
 * What a client did, and the result that it got.
 *
 * @param kind        what it asked for
 * @param key         of which item
 * @param writeId     the id in the payload that it wrote; of a read or delete: any text
 * @param expected    the state that it relied on; null if it relied on none
 * @param inItsIncarnation   whether the expected state was expected of the very item that it was seen of
 * @param exactlyOnce whether a write without expected state was promised never to be applied twice
 * @param add         how much it added to the counter
 * @param start       when it began, in nanoseconds on the clock of all clients
 * @param end         when it got the result
 * @param result      what it got
 */
record ClientOperation(
        Kind kind,
        String key,
        String writeId,
        @Nullable ItemState expected,
        boolean inItsIncarnation,
        boolean exactlyOnce,
        long add,
        long start,
        long end,
        Result result) {

    /** What a client asks for. */
    enum Kind {
        CREATE,
        PUT,
        UPDATE,
        DELETE,
        READ,
        /** A write of a program that knows neither conditions nor our attributes, over a network without faults. */
        FOREIGN;

        boolean writesPayload() {
            return this != READ && this != DELETE;
        }
    }

    /** Why a write was refused. */
    enum Refusal {
        EXISTS,
        MISSING,
        CONFLICT
    }

    /** The result that a client gets. */
    sealed interface Result {

        /** The write is done, at this version if it is known. */
        record Done(@Nullable Long version) implements Result {}

        /** The read found this. */
        record Found(ItemState state) implements Result {}

        /** The read found nothing. */
        record Absent() implements Result {}

        /** The write was not done: with {@link Refusal#CONFLICT} because the item had another version, this one. */
        record Refused(Refusal refusal, @Nullable Long actual) implements Result {}

        /**
         * Nobody can tell whether the write was done.
         *
         * @param unanswered whether no response came at all, so that the item was not even looked at
         */
        record Unknown(boolean unanswered) implements Result {}

        /** Something broke, and nothing is promised. */
        record Failed(String error) implements Result {}
    }

    /** Whether this state is what was expected, where anything was. */
    boolean expects(ItemState state) {
        return expected != null && (inItsIncarnation ? state.equals(expected) : state.version() == expected.version());
    }

    boolean done() {
        return result instanceof Result.Done;
    }

    boolean refused() {
        return result instanceof Result.Refused;
    }

    /** Whether the write may be applied again when its response was lost and others came in between. */
    boolean mayRepeat() {
        return (kind == Kind.PUT || kind == Kind.UPDATE) && expected == null && !exactlyOnce;
    }

    @Override
    public String toString() {
        return kind + " " + writeId + " on " + key + (expected == null ? "" : " expecting " + expected) + ": " + result;
    }
}
