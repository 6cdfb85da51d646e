/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** What shows that a lock may be taken from a holder that has not released it. */
public enum Takeover {
    /** The end of its lease has passed by the clock, plus the allowance for clock differences. */
    CLOCK,
    /** The lock was observed for the length of its lease, and was not renewed. Clocks need not agree. */
    OBSERVE,
    /** Either of them, whichever is first. */
    BOTH;

    boolean byClock() {
        return this != OBSERVE;
    }

    boolean byObservation() {
        return this != CLOCK;
    }
}
