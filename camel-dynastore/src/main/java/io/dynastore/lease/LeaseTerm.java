/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A stretch of a lease that the store has confirmed. All of it counts from the moment at which the request was built, which lies
 * before anything that the store did with it.
 *
 * @param built by the ticker
 * @param ttl the length of the lease
 */
record LeaseTerm(long built, Duration ttl) {

    private static final int BEATS = 3;

    /** When the holder must have given up, by the ticker. */
    long deadline() {
        return built + ttl.toNanos();
    }

    /**
     * When the next heartbeat is due, by the ticker: after a third of the lease, or up to a quarter of that earlier, so that locks
     * which were acquired together don't beat together for ever.
     */
    long beat(RandomGenerator random) {
        long share = ttl.toNanos() / BEATS;
        return built + share - (long) (random.nextDouble() * share / 4);
    }

    /** When it is at risk if no heartbeat was confirmed, by the ticker. */
    long risk() {
        return built + 2 * ttl.toNanos() / BEATS;
    }

    boolean over(long now) {
        return now - deadline() >= 0;
    }

    boolean atRisk(long now) {
        return now - risk() >= 0;
    }

    Duration remaining(long now) {
        return over(now) ? Duration.ZERO : Duration.ofNanos(deadline() - now);
    }
}
