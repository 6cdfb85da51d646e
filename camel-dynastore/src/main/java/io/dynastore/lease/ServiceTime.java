/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * Bounds for the service's clock: what has to be added to this JVM's ticker to get the service's time, in nanoseconds
 * since 1970.
 *
 * <p>A response has the service's time, in whole seconds, at some point between the departure of the request and the
 * arrival of the response. Each further response narrows the bounds. Between responses they widen, since the ticker may
 * run faster or slower than the service's clock. Immutable and pure.
 *
 * @param least the least that has to be added
 * @param most the most that has to be added
 * @param at when this was known, by the ticker
 */
record ServiceTime(long least, long most, long at) {

    /** Whole seconds, and half a second more, because a service may reuse a date for several responses. */
    private static final long PRECISION = Duration.ofMillis(1500).toNanos();

    /** How much faster or slower than the service's clock the ticker may run: one in two thousand. */
    private static final long DRIFT = 2000;

    /**
     * The bounds that one response gives.
     *
     * @param sent when its request left at the earliest, by the ticker
     * @param received when it had arrived, by the ticker
     * @param date the date that it carries
     */
    static ServiceTime of(long sent, long received, Instant date) {
        long nanos = nanos(date);
        return new ServiceTime(nanos - received, nanos + PRECISION - sent, received);
    }

    /**
     * Both bounds together. If they contradict each other, as after a suspension of this machine, only the later ones.
     */
    ServiceTime and(ServiceTime later) {
        ServiceTime old = at(later.at);
        long from = Math.max(old.least, later.least);
        long to = Math.min(old.most, later.most);
        return from > to ? later : new ServiceTime(from, to, later.at);
    }

    /** The wall clock's time, moved to the nearest time within the bounds. */
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
