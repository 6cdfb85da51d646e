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
 * The host's wall clock, corrected by the dates in the service's responses. Thread safe.
 *
 * <p>If the host's clock agrees with a date within its whole seconds, the clock is not corrected. If it is off, others
 * would take the host's leases for expired, or the host would take theirs too early.
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 */
public final class ServiceClock {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.lease.Locks");

    private final Clock host;
    private final Ticker ticker;
    private final boolean corrected;
    private final AtomicReference<@Nullable ServiceTime> known = new AtomicReference<>();
    private volatile boolean responded;
    private volatile boolean warned;

    /** A clock on top of the host's clock, which is not corrected if {@code corrected} is false. */
    public ServiceClock(Clock host, Ticker ticker, boolean corrected) {
        this.host = host;
        this.ticker = ticker;
        this.corrected = corrected;
    }

    /** Now. */
    public ClockReading now() {
        long nanos = ticker.nanos();
        Instant wall = host.instant();
        ServiceTime time = known.get();
        return new ClockReading(time == null ? wall : time.corrected(wall, nanos), nanos);
    }

    /** The later of now and the host's uncorrected time: no wrong date of a response can set it back. */
    public Instant latest() {
        Instant wall = host.instant();
        Instant now = now().wall();
        return now.isBefore(wall) ? wall : now;
    }

    /** The least error of the host's clock: positive if it is ahead, zero while nothing is known. */
    Duration offset() {
        Instant wall = host.instant();
        ServiceTime time = known.get();
        return time == null ? Duration.ZERO : Duration.between(time.corrected(wall, ticker.nanos()), wall);
    }

    /**
     * Whether the host's clock may decide on the leases of others: a response has arrived, and no response contradicts
     * the clock by more than this.
     */
    public boolean trusted(Duration allowance) {
        if (!corrected) {
            return true;
        }
        Duration offset = offset();
        boolean off = offset.abs().compareTo(allowance) > 0;
        if (off && !warned) {
            warned = true;
            LOG.warn(
                    "This host's clock is off by {} or more from DynamoDB's, and only {} is allowed."
                            + " So a lock that was not released is taken by observation only, after the length of"
                            + " its lease. Correct the clock.",
                    offset,
                    allowance);
        }
        if (offset.isZero()) {
            warned = false;
        }
        return responded && !off;
    }

    /**
     * Reads the time from a response.
     *
     * @param sent when its request left at the earliest, by the ticker
     * @param date its HTTP date, if it has one
     */
    public void learn(long sent, Optional<String> date) {
        if (corrected) {
            date.flatMap(ServiceClock::parsed).ifPresent(instant -> {
                ServiceTime read = ServiceTime.of(sent, ticker.nanos(), instant);
                known.accumulateAndGet(read, (before, now) -> before == null || now == null ? now : before.and(now));
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
