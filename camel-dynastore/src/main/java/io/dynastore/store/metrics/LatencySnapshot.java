/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import java.time.Duration;

/**
 * How long calls took, from their begin to the last response that they needed, retries and waits included.
 *
 * @param calls how many there were
 * @param total the sum of all
 * @param median half of them took no longer; up to a quarter too long
 * @param p99 99 of 100 took no longer; up to a quarter too long
 * @param max the longest one
 */
public record LatencySnapshot(long calls, Duration total, Duration median, Duration p99, Duration max) {

    /** The average; zero if there were no calls. */
    public Duration mean() {
        return calls == 0 ? Duration.ZERO : total.dividedBy(calls);
    }
}
