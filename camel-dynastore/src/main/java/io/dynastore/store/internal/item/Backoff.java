/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses with exponential backoff and full jitter: each is drawn evenly between zero and a bound, which doubles up to a
 * maximum. See Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Thread safe if its random
 * generator is.
 */
public final class Backoff {

    private static final long BASE_MILLIS = 50;
    private static final long LONGEST_MILLIS = 5_000;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The pause after a number of consecutive failures, counted from 0. */
    public Duration pause(int failures) {
        long bound = Math.min(LONGEST_MILLIS, BASE_MILLIS << Math.min(failures, 20));
        return Duration.ofMillis(random.nextLong(bound + 1));
    }
}
