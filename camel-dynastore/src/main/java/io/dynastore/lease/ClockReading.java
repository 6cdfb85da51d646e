/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * One point in time on both clocks.
 *
 * @param wall by the wall clock
 * @param nanos by the ticker
 */
record ClockReading(Instant wall, long nanos) {

    /** This time later on both clocks. */
    ClockReading plus(Duration time) {
        return new ClockReading(wall.plus(time), nanos + time.toNanos());
    }

    /** How far another reading of the ticker is behind this moment; negative if it is before it. */
    Duration until(long laterNanos) {
        return Duration.ofNanos(laterNanos - nanos);
    }
}
