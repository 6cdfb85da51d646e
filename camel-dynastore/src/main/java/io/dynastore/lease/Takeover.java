/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** On what grounds a lock is taken whose holder has not released it. */
public enum Takeover {
    /** The end of its lease has passed by the clock, with the allowance for a difference between clocks. */
    CLOCK,
    /** It has not been renewed for the length of its lease while it was watched from here. Needs no clocks that agree. */
    OBSERVE,
    /** Whichever comes first. */
    BOTH;

    boolean byClock() {
        return this != OBSERVE;
    }

    boolean byObservation() {
        return this != CLOCK;
    }
}
