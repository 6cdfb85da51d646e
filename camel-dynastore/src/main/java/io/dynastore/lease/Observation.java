/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;

/**
 * A held lock as responses have shown it to this JVM.
 *
 * @param version the item's version, which every heartbeat changes
 * @param lease the length of its lease
 * @param since when this version was first seen, by the ticker: when the response had arrived
 */
public record Observation(long version, Duration lease, long since) {

    /** How much faster than its holder's this JVM's ticker may run: a thousandth. */
    private static final int DRIFT = 1000;

    /** The ticker's value at which the holder has given up, if the version is still the same. */
    public long elapsesAt() {
        return since + lease.toNanos() + lease.toNanos() / DRIFT;
    }

    public boolean elapsed(long now) {
        return now - elapsesAt() >= 0;
    }
}
