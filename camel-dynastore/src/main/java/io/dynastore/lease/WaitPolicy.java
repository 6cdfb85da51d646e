/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The time before the next look at a lock. Pure but for the random numbers.
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
     * The time until the next look: until the lock can be taken, but at most the poll interval, and never beyond the
     * end. Jitter keeps several waiters from looking at the same time.
     *
     * @param wait the time until the lock can be taken; empty if it can't be predicted
     */
    long pause(long now, OptionalLong wait, RandomGenerator random) {
        long polled = (long) (poll.toNanos() * (0.5 + random.nextDouble() / 2));
        long jitter = (long) (poll.toNanos() * random.nextDouble() / 10);
        long next = wait.isPresent() ? Math.min(polled, Math.max(0, wait.getAsLong()) + jitter) : polled;
        return Math.max(0, Math.min(next, end - now));
    }
}
