/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link Standby} has seen: when it waited for its lock, and what the store showed it. All times by the exact
 * wall clock, in milliseconds since 1970.
 *
 * @param waits the periods in which it waited, in order
 * @param looks the responses that showed it the lock, in order
 * @param slowest the duration of its slowest request, in milliseconds
 */
record StandbyLog(List<Wait> waits, List<Look> looks, long slowest) {

    /**
     * A period in which it only waited.
     *
     * @param from when it asked for the lock
     * @param until when it knew that it had it
     */
    record Wait(long from, long until) {}

    /**
     * A response.
     *
     * @param at when it had arrived
     * @param version the lock's version in it; 0 if there was no lock
     */
    record Look(long at, long version) {}

    StandbyLog {
        waits = List.copyOf(waits);
        looks = List.copyOf(looks);
    }

    /** The period that contains this time. */
    Optional<Wait> at(long time) {
        return waits.stream()
                .filter(wait -> wait.from() <= time && time <= wait.until())
                .findFirst();
    }

    /** When it first saw this version, or a later one. */
    OptionalLong first(long version) {
        return looks.stream()
                .filter(look -> look.version() >= version)
                .mapToLong(Look::at)
                .findFirst();
    }

    /** The last time at which it saw an earlier version. */
    OptionalLong lastBefore(long version) {
        long last = Long.MIN_VALUE;
        for (Look look : looks) {
            if (look.version() >= version) {
                break;
            }
            last = look.at();
        }
        return last == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(last);
    }
}
