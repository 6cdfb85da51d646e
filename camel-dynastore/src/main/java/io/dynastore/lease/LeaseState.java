/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** The state of a lease. The last three are final. */
public enum LeaseState {
    /** Held. */
    HELD,
    /** Held, but not confirmed for two thirds of its time. Stop what must not be interrupted. */
    AT_RISK,
    /** Another holder has taken the lock, or its item was removed. */
    LOST,
    /** The deadline has passed. */
    EXPIRED,
    /** Released by its holder. */
    RELEASED;

    /** Whether this state is final. */
    public boolean ended() {
        return this != HELD && this != AT_RISK;
    }
}
