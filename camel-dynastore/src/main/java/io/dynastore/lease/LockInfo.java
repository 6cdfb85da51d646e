/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lock as it was read.
 *
 * @param key the lock
 * @param state whether the lock is held
 * @param owner the owner that holds it, or whose lease expired without a release; null if there is none
 * @param token the latest fencing token
 * @param until the end of the lease; null if there is no holder
 * @param data the lock's data; null if it has none
 */
public record LockInfo(
        Key key,
        State state,
        @Nullable String owner,
        long token,
        @Nullable Instant until,
        @Nullable Object data) {

    /** Whether the lock is held. */
    public enum State {
        /** Released or expired. An expired lock is taken after the allowance for clock differences. */
        FREE,
        /** Held. */
        HELD
    }

    /** Describes the lock without its data, so that it may be logged. */
    @Override
    public String toString() {
        return "Lock" + key + " " + state + (owner == null ? "" : " owner " + Key.shown(owner) + " until " + until)
                + " token " + token;
    }
}
