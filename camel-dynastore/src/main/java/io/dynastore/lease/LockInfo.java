/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lock as it was read.
 *
 * @param key the lock
 * @param state whether somebody holds it
 * @param owner who holds it, or held it last without releasing it; null if nobody
 * @param token the latest fencing token
 * @param until the end of the lease as it stands; null if nobody holds it
 * @param data the lock's data; null if it has none
 */
public record LockInfo(
        Key key,
        State state,
        @Nullable String owner,
        long token,
        @Nullable Instant until,
        @Nullable Object data) {

    /** Whether somebody holds the lock. */
    public enum State {
        /** Released, or run out. One that has run out is taken after the allowance for a difference between clocks. */
        FREE,
        /** Held. */
        HELD
    }

    /** Names the lock without its data, so that it may be logged. */
    @Override
    public String toString() {
        return "Lock" + key + " " + state + (owner == null ? "" : " owner " + Key.shown(owner) + " until " + until)
                + " token " + token;
    }
}
