/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import java.time.Duration;

/**
 * The latencies of calls, each from its start to the last response that it needed, including retries and waits.
 * Immutable.
 *
 * @param calls the number of calls
 * @param total the sum of their durations, exact
 * @param median half of the calls took no longer; overestimated by a quarter at most
 * @param p99 99 % of the calls took no longer; overestimated by a quarter at most
 * @param max the longest duration, exact
 */
public record LatencySnapshot(long calls, Duration total, Duration median, Duration p99, Duration max) {

    /** The average duration; zero if there were no calls. */
    public Duration mean() {
        return calls == 0 ? Duration.ZERO : total.dividedBy(calls);
    }
}
