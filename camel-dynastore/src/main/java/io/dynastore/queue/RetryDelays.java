/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When an item may be claimed again after a failure.
 *
 * @param first the delay after the first delivery; zero: at once
 * @param backoff the factor from one delivery to the next, 1 or more
 * @param most the longest delay
 */
public record RetryDelays(Duration first, double backoff, Duration most) {

    private static final double JITTER = 0.2;

    /**
     * The delay after a failed delivery. It is shortened by a random part of up to a fifth. So items that failed
     * together do not return together.
     *
     * @param deliveries how many deliveries the item has had, 1 or more
     */
    Duration after(long deliveries, RandomGenerator random) {
        double planned = first.toMillis() * Math.pow(backoff, deliveries - 1.0);
        double limited = Math.min(planned, (double) most.toMillis());
        return Duration.ofMillis((long) (limited * (1 - JITTER * random.nextDouble())));
    }
}
