/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import org.jspecify.annotations.Nullable;

/**
 * What one holder believed about one lease, by a monotonic clock that all holders share.
 *
 * @param lock the lock
 * @param worker the worker that held it
 * @param holder the id of the acquire in the table
 * @param token its fencing token
 * @param from when the holder knew that it had the lock
 * @param until when it gave the lock up: it called for the release, got the loss reported, or its deadline passed
 * @param end how the lease ended, as the holder sees it
 */
record Holding(String lock, String worker, String holder, long token, long from, long until, End end) {

    /** How a lease ended. */
    enum End {
        /** The release was confirmed. */
        RELEASED,
        /** The loss was reported: another has taken the lock, or its item was removed. */
        TAKEN,
        /** The deadline passed, or the release was not confirmed. */
        RAN_OUT,
        /** The holder was killed. */
        KILLED
    }

    static Holding of(String worker, HeldLease lease, long from, long until, End end) {
        return new Holding(name(lease.key()), worker, lease.holder(), lease.token(), from, until, end);
    }

    /** Writes one line, which {@link #parse} reads. */
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

    /** The same, but given up at this time at the latest. */
    Holding until(long latest) {
        return new Holding(lock, worker, holder, token, from, latest - until < 0 ? latest : until, end);
    }

    static String name(Key key) {
        return key.partitionKey() + "/" + key.sortKey();
    }

    /** Whether the holder never believed to hold the lock, because it learned of it only after the deadline. */
    private boolean empty() {
        return until - from <= 0;
    }

    /** Whether the other one began before this one ended. */
    boolean overlaps(@Nullable Holding other) {
        return other != null && !empty() && !other.empty() && other.from - until < 0 && from - other.until < 0;
    }
}
