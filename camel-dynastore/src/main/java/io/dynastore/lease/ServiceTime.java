/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of the service's clock: bounds for what has to be added to this JVM's ticker to get the service's time, in
 * nanoseconds since 1970.
 *
 * <p>A response says what the service's time was at some moment between the request's departure and the response's arrival, in whole
 * seconds. Each further answer narrows the bounds, the more the longer they are asked for; between answers they widen, since the
 * ticker may run faster or slower than the service's clock. Immutable and pure.
 *
 * @param least the least that has to be added
 * @param most the most that has to be added
 * @param at when this was known, by the ticker
 */
record ServiceTime(long least, long most, long at) {

    /** Whole seconds, and half of one for a service that doesn't write each response's date afresh. */
    private static final long PRECISION = Duration.ofMillis(1500).toNanos();

    /** How much faster or slower than the service's clock the ticker may run: one in two thousand. */
    private static final long DRIFT = 2000;

    /**
     * What one response says.
     *
     * @param sent when its request left at the earliest, by the ticker
     * @param received when it had arrived, by the ticker
     * @param date the date that it carries
     */
    static ServiceTime of(long sent, long received, Instant date) {
        long nanos = nanos(date);
        return new ServiceTime(nanos - received, nanos + PRECISION - sent, received);
    }

    /** Both together; the later one alone if they contradict each other, as after a suspension of this machine. */
    ServiceTime and(ServiceTime later) {
        ServiceTime old = at(later.at);
        long from = Math.max(old.least, later.least);
        long to = Math.min(old.most, later.most);
        return from > to ? later : new ServiceTime(from, to, later.at);
    }

    /** The wall clock's time, moved to the nearest one that the service's can be. */
    Instant corrected(Instant wall, long now) {
        ServiceTime known = at(now);
        long shown = nanos(wall);
        long possible = Math.min(Math.max(shown, now + known.least), now + known.most);
        return possible == shown ? wall : wall.plusNanos(possible - shown);
    }

    private ServiceTime at(long now) {
        long drift = Math.max(0, now - at) / DRIFT;
        return new ServiceTime(least - drift, most + drift, now);
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
