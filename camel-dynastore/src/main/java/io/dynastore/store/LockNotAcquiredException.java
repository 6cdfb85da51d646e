/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lock was not acquired: somebody else has it, or the store is out of reach. */
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

    /** Somebody else has it. */
    public static LockNotAcquiredException held(
            String table, Key key, @Nullable String owner, @Nullable Instant until) {
        return new LockNotAcquiredException(
                "Table " + table + ", key " + key + ": the lock is held by " + Key.shown(owner) + " until " + until
                        + ", or longer if it is renewed. Try again later, or give an acquireTimeout.",
                owner,
                until,
                null);
    }

    /** Every lock of a partition is held, or there is none. */
    public static LockNotAcquiredException noneFree(String table, Object partition) {
        return new LockNotAcquiredException(
                "Table " + table + ", partition " + Key.shown(partition)
                        + ": none of its locks is free. Try again later, or give an acquireTimeout.",
                null,
                null,
                null);
    }

    /** No response came. What the request may have taken is given back, or runs out. */
    public static LockNotAcquiredException outOfReach(String table, Key key, @Nullable Throwable cause) {
        return new LockNotAcquiredException(
                "Table " + table + ", key " + key
                        + ": the store is out of reach, no response told in time whether the lock was acquired. It is not held."
                        + " See the cause, and try again.",
                null,
                null,
                cause);
    }

    /** Who has it; null if it is not known. */
    public @Nullable String owner() {
        return owner;
    }

    /** The end of the holder's lease as it stands now; null if it is not known. */
    public @Nullable Instant until() {
        return until;
    }
}
