/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/** A lock that was to be used is not held any more. What it protects must not be touched on its ground. */
public class LockLostException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /** How it was lost. */
    public enum Reason {
        /** Somebody else has taken or removed it. */
        TAKEN,
        /** Its time ran out while the store could not be reached to renew it. */
        OUT_OF_REACH,
        /** Its time ran out: nobody renewed it, or this process stood still. */
        EXPIRED,
        /** It was never acquired here, or has been released. */
        NOT_HELD
    }

    private final Reason reason;
    private final @Nullable String owner;

    /**
     * A loss.
     *
     * @param owner who has the lock now; null if nobody, or not known
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
     * A fenced write came after that of a later holder of the lock. Nothing was changed.
     *
     * @param token the write's
     * @param newer the one in the item
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

    /** How the lock was lost. */
    public Reason reason() {
        return reason;
    }

    /** Who has it now; null if nobody, or not known. */
    public @Nullable String owner() {
        return owner;
    }

    private static String text(Reason reason, @Nullable String owner) {
        return switch (reason) {
            case TAKEN ->
                "the lock was lost, "
                        + (owner == null ? "somebody has removed or released it" : "it is held by " + Key.shown(owner))
                        + ". Stop what it protects, and acquire it again.";
            case OUT_OF_REACH ->
                "the lock ran out while the store was out of reach. Stop what it protects, and acquire it again;"
                        + " see the cause.";
            case EXPIRED ->
                "the lock ran out before it was renewed. Stop what it protects; use the heartbeat, or a longer lockTtl.";
            case NOT_HELD -> "the lock is not held here. Acquire it first.";
        };
    }
}
