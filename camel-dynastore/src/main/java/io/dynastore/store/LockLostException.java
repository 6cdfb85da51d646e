/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/** A lock is no longer held. What it protects must no longer be changed on account of it. */
public class LockLostException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /** Why a lock is not held. */
    public enum Reason {
        /** Another owner acquired it, or it was released or removed. */
        TAKEN,
        /** Its lease ended while the store was out of reach, so that it could not be renewed. */
        OUT_OF_REACH,
        /** Its lease ended: it was not renewed, or this process was paused. */
        EXPIRED,
        /** It was never acquired here, or was released. */
        NOT_HELD
    }

    private final Reason reason;
    private final @Nullable String owner;

    /**
     * An error about a lock that is not held.
     *
     * @param owner the present owner; null if there is none, or it is not known
     * @param cause the last error of the store; null if there was none
     */
    public LockLostException(String table, Key key, Reason reason, @Nullable String owner, @Nullable Throwable cause) {
        this("Table " + table + ", key " + key + ": " + text(reason, owner), reason, owner, cause);
    }

    private LockLostException(String message, Reason reason, @Nullable String owner, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.owner = owner;
    }

    /**
     * The item was written with a higher fencing token, by a later holder of the lock. Nothing was changed.
     *
     * @param token the token of the failed write
     * @param newer the token in the item
     */
    public static LockLostException fenced(String table, Key key, long token, long newer) {
        return new LockLostException(
                "Table " + table + ", key " + key + ": the write has the fencing token " + token
                        + ", and the item was written with token " + newer
                        + ". The lock was lost to a later holder: acquire it again, and begin anew.",
                Reason.TAKEN,
                null,
                null);
    }

    /** Why the lock is not held. */
    public Reason reason() {
        return reason;
    }

    /** The present owner; null if there is none, or it is not known. */
    public @Nullable String owner() {
        return owner;
    }

    private static String text(Reason reason, @Nullable String owner) {
        return switch (reason) {
            case TAKEN ->
                "the lock was lost, "
                        + (owner == null ? "it was released or removed" : "it is held by " + Key.shown(owner))
                        + ". Stop what it protects, and acquire it again.";
            case OUT_OF_REACH ->
                "the lease ended while the store was out of reach. Stop what the lock protects, see the cause,"
                        + " and acquire it again.";
            case EXPIRED ->
                "the lease ended before it was renewed. Stop what the lock protects."
                        + " Use the heartbeat, or a longer lockTtl.";
            case NOT_HELD -> "the lock is not held here. Acquire it first.";
        };
    }
}
