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

    private static final int RANDOM = 8;

    IdempotentSettings(
            Duration lease, boolean inFlightWithoutExchange, Clock clock, Ticker ticker, IdempotentCounters counters) {
        this(lease, inFlightWithoutExchange, clock, ticker, counters, thisProcess());
    }

    /** The name of this process, and of this instance in it. */
    static String thisProcess() {
        return InetAddressUtil.getLocalHostNameSafe() + "-"
                + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, RANDOM);
    }
}
