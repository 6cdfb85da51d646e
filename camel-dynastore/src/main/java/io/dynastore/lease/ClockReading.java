/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.time.Instant;

/**
 * One point in time, on the wall clock and on the ticker.
 *
 * @param wall by the wall clock
 * @param nanos by the ticker
 */
public record ClockReading(Instant wall, long nanos) {}
