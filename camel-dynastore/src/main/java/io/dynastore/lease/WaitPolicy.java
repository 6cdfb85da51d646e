/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next look at a lock. Pure but for the dice.
 *
 * @param end when to give up, by the ticker
 * @param poll the most time between two looks
 */
record WaitPolicy(long end, Duration poll) {

    static WaitPolicy of(LockRequest request, long now) {
        return new WaitPolicy(now + request.acquireTimeout().toNanos(), request.pollInterval());
    }

    boolean over(long now) {
        return now - end >= 0;
    }

    /**
     * The time until the next look: the time that is left to the holder, but no more than the poll interval, each with some jitter so that
     * those who wait don't come at the same time; and never beyond the end.
     *
     * @param wait when the lock can be taken, if that is to be foreseen
     */
    long pause(long now, OptionalLong wait, RandomGenerator random) {
        long polled = (long) (poll.toNanos() * (0.5 + random.nextDouble() / 2));
        long jitter = (long) (poll.toNanos() * random.nextDouble() / 10);
        long next = wait.isPresent() ? Math.min(polled, Math.max(0, wait.getAsLong()) + jitter) : polled;
        return Math.max(0, Math.min(next, end - now));
    }
}
