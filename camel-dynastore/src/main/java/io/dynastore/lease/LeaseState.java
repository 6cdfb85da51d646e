/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** How a lease stands. The last three are final. */
public enum LeaseState {
    /** Held. */
    HELD,
    /** Held, but not confirmed for two thirds of its time: begin to put down what must not be interrupted. */
    AT_RISK,
    /** Somebody else has taken or removed the lock. */
    LOST,
    /** Its time has run out. */
    EXPIRED,
    /** Given back. */
    RELEASED;

    /** Whether nothing follows. */
    public boolean ended() {
        return this != HELD && this != AT_RISK;
    }
}
