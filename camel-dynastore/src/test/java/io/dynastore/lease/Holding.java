/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import org.jspecify.annotations.Nullable;

/**
 * What one holder believed of one lease, by a monotonic clock that all holders share.
 *
 * @param lock the lock
 * @param worker who held it
 * @param holder the acquisition's id in the table
 * @param token its fencing token
 * @param from when the holder knew that it has it
 * @param until when it gave it up: it called for the release, learnt of the loss, or its deadline passed
 * @param end how it ended in the holder's eyes
 */
record Holding(String lock, String worker, String holder, long token, long from, long until, End end) {

    /** How a lease ended. */
    enum End {
        /** The release was confirmed. */
        RELEASED,
        /** The holder was told that another has taken or removed the lock. */
        TAKEN,
        /** The deadline passed, or nobody confirmed the release. */
        RAN_OUT,
        /** The holder was killed. */
        KILLED
    }

    static Holding of(String worker, HeldLease lease, long from, long until, End end) {
        return new Holding(name(lease.key()), worker, lease.holder(), lease.token(), from, until, end);
    }

    /** As one line, which {@link #parse} reads. */
    String line() {
        return String.join(
                " ", lock, worker, holder, Long.toString(token), Long.toString(from), Long.toString(until), end.name());
    }

    static Holding parse(String line) {
        String[] word = line.split(" ", -1);
        return new Holding(
                word[0],
                word[1],
                word[2],
                Long.parseLong(word[3]),
                Long.parseLong(word[4]),
                Long.parseLong(word[5]),
                End.valueOf(word[6]));
    }

    /** The same, but given up then at the latest. */
    Holding until(long latest) {
        return new Holding(lock, worker, holder, token, from, latest - until < 0 ? latest : until, end);
    }

    static String name(Key key) {
        return key.partitionKey() + "/" + key.sortKey();
    }

    /** Whether somebody who learnt of the lease only after its deadline, or to whom it was worth nothing, believed anything. */
    private boolean empty() {
        return until - from <= 0;
    }

    /** Whether the other one began before this one was over. */
    boolean overlaps(@Nullable Holding other) {
        return other != null && !empty() && !other.empty() && other.from - until < 0 && from - other.until < 0;
    }
}
