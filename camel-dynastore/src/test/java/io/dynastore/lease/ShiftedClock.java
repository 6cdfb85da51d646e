/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real clock, shifted by an amount that may change at once. Thread safe. */
final class ShiftedClock extends Clock {

    private volatile Duration shift;

    ShiftedClock(Duration shift) {
        this.shift = shift;
    }

    void shift(Duration newShift) {
        shift = newShift;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(shift);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
