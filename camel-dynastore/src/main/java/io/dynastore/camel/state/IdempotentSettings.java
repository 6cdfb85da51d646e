/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.lease.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.util.InetAddressUtil;

/**
 * What does not change while an idempotent repository is started.
 *
 * @param lease the length of the lease of a key in flight
 * @param inFlightWithoutExchange whether a key that is added without an exchange is in flight
 * @param clock the wall clock, for the leases of others and for expiry
 * @param ticker the monotonic clock, for renewals
 * @param counters counts what happens
 * @param owner the name of this process, for readers of the table
 */
record IdempotentSettings(
        Duration lease,
        boolean inFlightWithoutExchange,
        Clock clock,
        Ticker ticker,
        IdempotentCounters counters,
        String owner) {

    /** The first request of a process takes longer than others, so it has this time whatever the lease is. */
    static final Duration LONGEST_REQUEST = Duration.ofSeconds(20);

    private static final int REQUESTS_PER_LEASE = 3;
    private static final int RANDOM = 8;

    IdempotentSettings(
            Duration lease, boolean inFlightWithoutExchange, Clock clock, Ticker ticker, IdempotentCounters counters) {
        this(lease, inFlightWithoutExchange, clock, ticker, counters, thisProcess());
    }

    /** The longest time of a request with its repetitions: several fit into a lease. */
    Duration longestRequest() {
        Duration part = lease.dividedBy(REQUESTS_PER_LEASE);
        return part.compareTo(LONGEST_REQUEST) < 0 ? part : LONGEST_REQUEST;
    }

    /** The name of this process, and of this instance in it. */
    static String thisProcess() {
        return InetAddressUtil.getLocalHostNameSafe() + "-"
                + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, RANDOM);
    }
}
