/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lock was not acquired: another owner holds it, or the store is out of reach. */
public class LockNotAcquiredException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String owner;
    private final @Nullable Instant until;

    private LockNotAcquiredException(
            String message, @Nullable String owner, @Nullable Instant until, @Nullable Throwable cause) {
        super(message, cause);
        this.owner = owner;
        this.until = until;
    }

    /**
     * Another owner holds the lock.
     *
     * @param until the end of its lease as it is now; null if it is not known
     */
    public static LockNotAcquiredException held(
            String table, Key key, @Nullable String owner, @Nullable Instant until) {
        return new LockNotAcquiredException(
                "Table " + table + ", key " + key + ": the lock is held by " + Key.shown(owner) + " until " + until
                        + ", or longer if it is renewed. Try again later, or give an acquireTimeout.",
                owner,
                until,
                null);
    }

    /** All locks of a partition are held, or it has none. */
    public static LockNotAcquiredException noneFree(String table, Object partition) {
        return new LockNotAcquiredException(
                "Table " + table + ", partition " + Key.shown(partition)
                        + ": none of its locks is free. Try again later, or give an acquireTimeout.",
                null,
                null,
                null);
    }

    /** No response arrived in time. If the request acquired the lock, it is released, or its lease ends. */
    public static LockNotAcquiredException outOfReach(String table, Key key, @Nullable Throwable cause) {
        return new LockNotAcquiredException(
                "Table " + table + ", key " + key
                        + ": the store is out of reach: no response arrived in time. The lock is not held."
                        + " See the cause, and try again.",
                null,
                null,
                cause);
    }

    /** The owner that holds the lock; null if it is not known. */
    public @Nullable String owner() {
        return owner;
    }

    /** The end of the holder's lease as it is now; null if it is not known. */
    public @Nullable Instant until() {
        return until;
    }
}
