/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The part of a lease that one request confirmed. It counts from the clock reading at which that request was built,
 * which is before the store did anything with it.
 *
 * @param built by the ticker
 * @param ttl the length of the lease
 */
public record LeaseTerm(long built, Duration ttl) {

    private static final int BEATS = 3;

    /** The ticker's value at which the holder must have given up. */
    public long deadline() {
        return built + ttl.toNanos();
    }

    /**
     * The ticker's value at which the next heartbeat is due: after a third of the lease, or up to a quarter of that
     * earlier. So locks that were acquired together don't send their heartbeats together for ever.
     */
    public long beat(RandomGenerator random) {
        long share = ttl.toNanos() / BEATS;
        return built + share - (long) (random.nextDouble() * share / 4);
    }

    /** The ticker's value at which the lease is at risk, unless a heartbeat was confirmed before. */
    long risk() {
        return built + 2 * ttl.toNanos() / BEATS;
    }

    /** Whether the holder must have given up at this value of the ticker. */
    public boolean over(long now) {
        return now - deadline() >= 0;
    }

    boolean atRisk(long now) {
        return now - risk() >= 0;
    }

    Duration remaining(long now) {
        return over(now) ? Duration.ZERO : Duration.ofNanos(deadline() - now);
    }
}
