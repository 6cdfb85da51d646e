/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's wall clock, brought within what the service's responses say of the time. Thread safe.
 *
 * <p>Each response has a date. A host whose clock agrees with it, within what whole seconds tell, is left alone; one that is off
 * would write leases that others take for run out, or take theirs too early.
 */
final class ServiceClock {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.lease.Locks");

    private final Clock host;
    private final Ticker ticker;
    private final boolean corrected;
    private final AtomicReference<@Nullable ServiceTime> known = new AtomicReference<>();
    private volatile boolean responded;
    private volatile boolean warned;

    /** A clock on the host's; its own word is taken for the time if it is not to be corrected. */
    ServiceClock(Clock host, Ticker ticker, boolean corrected) {
        this.host = host;
        this.ticker = ticker;
        this.corrected = corrected;
    }

    /** Now. */
    ClockReading now() {
        long nanos = ticker.nanos();
        Instant wall = host.instant();
        ServiceTime time = known.get();
        return new ClockReading(time == null ? wall : time.corrected(wall, nanos), nanos);
    }

    /** How far the host's clock is off at least: positive if it is ahead. Zero while nothing is known. */
    Duration offset() {
        Instant wall = host.instant();
        ServiceTime time = known.get();
        return time == null ? Duration.ZERO : Duration.between(time.corrected(wall, ticker.nanos()), wall);
    }

    /**
     * Whether the host's clock may be relied on for others' leases: a response has come, and does not contradict it by more than
     * this.
     */
    boolean trusted(Duration allowance) {
        if (!corrected) {
            return true;
        }
        Duration offset = offset();
        boolean off = offset.abs().compareTo(allowance) > 0;
        if (off && !warned) {
            warned = true;
            LOG.warn(
                    "This host's clock is off by {} or more from DynamoDB's, and only {} is allowed for: locks that were not released"
                            + " are taken after they were watched for the length of their lease. Correct the clock.",
                    offset,
                    allowance);
        }
        if (offset.isZero()) {
            warned = false;
        }
        return responded && !off;
    }

    /**
     * Learns from a response.
     *
     * @param sent when its request left at the earliest, by the ticker
     * @param date its date in the words of HTTP, if it has one
     */
    void learn(long sent, Optional<String> date) {
        if (corrected) {
            date.flatMap(ServiceClock::parsed).ifPresent(instant -> {
                ServiceTime heard = ServiceTime.of(sent, ticker.nanos(), instant);
                known.accumulateAndGet(heard, (before, now) -> before == null || now == null ? now : before.and(now));
            });
            responded = true;
        }
    }

    private static Optional<Instant> parsed(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
