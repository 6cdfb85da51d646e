/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link Standby} can witness: when it waited for its lock, and what the store showed it. All times by the exact wall clock, in
 * milliseconds since 1970.
 *
 * @param waits the stretches in which it waited, in order
 * @param looks the responses that showed it the lock, in order
 * @param slowest how long its slowest request took, in milliseconds
 */
record StandbyLog(List<Wait> waits, List<Look> looks, long slowest) {

    /**
     * A stretch in which it did nothing but wait.
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

    /** The stretch that a moment is in. */
    Optional<Wait> at(long moment) {
        return waits.stream()
                .filter(wait -> wait.from() <= moment && moment <= wait.until())
                .findFirst();
    }

    /** When it first saw this version, or a later one. */
    OptionalLong first(long version) {
        return looks.stream()
                .filter(look -> look.version() >= version)
                .mapToLong(Look::at)
                .findFirst();
    }

    /** The last time before that it saw anything earlier. */
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
