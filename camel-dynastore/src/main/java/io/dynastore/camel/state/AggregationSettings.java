/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.lease.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What does not change while an aggregation repository is started.
 *
 * @param lease the length of the lease of a completed group
 * @param clockSkew the largest difference between clocks
 * @param ttl how long a group is kept after its last message; null for ever
 * @param useRecovery whether completed groups are kept until they are confirmed
 * @param maximumRedeliveries how often a group is recovered; 0 without limit
 * @param deadLetterUri where it goes then
 * @param timeouts how long after its time-out a group is completed by another node, and how often they look; null if
 *     no node does
 * @param compression when contents are compressed
 * @param clock the wall clock, for the leases of others, time-outs and expiry
 * @param ticker the monotonic clock, for renewals
 * @param counters counts what happens
 * @param owner the name of this instance
 */
record AggregationSettings(
        Duration lease,
        Duration clockSkew,
        @Nullable Duration ttl,
        boolean useRecovery,
        int maximumRedeliveries,
        @Nullable String deadLetterUri,
        @Nullable Duration timeouts,
        Compression compression,
        Clock clock,
        Ticker ticker,
        AggregationCounters counters,
        String owner) {

    Instant now() {
        return clock.instant();
    }

    /** Leases that end before this are over, in milliseconds. */
    long freeBefore() {
        return now().minus(clockSkew).toEpochMilli();
    }
}
