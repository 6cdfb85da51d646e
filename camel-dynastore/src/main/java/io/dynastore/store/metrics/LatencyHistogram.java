/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations by their magnitude: four classes to each doubling of a microsecond, up to 36 minutes. Thread safe, and nothing is
 * allocated.
 */
final class LatencyHistogram {

    private static final int CLASSES = 124;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);
    private final LongAdder total = new LongAdder();
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    void add(long nanos) {
        counts.incrementAndGet(classOf(nanos / 1000));
        total.add(nanos);
        max.accumulate(nanos);
    }

    /** What was counted up to now; calls that end meanwhile may be in one figure and not yet in another. */
    LatencySnapshot latency() {
        long[] seen = new long[CLASSES];
        long calls = 0;
        for (int i = 0; i < CLASSES; i++) {
            seen[i] = counts.get(i);
            calls += seen[i];
        }
        return new LatencySnapshot(
                calls,
                Duration.ofNanos(total.sum()),
                quantile(seen, (calls + 1) / 2),
                quantile(seen, calls - calls / 100),
                Duration.ofNanos(max.get()));
    }

    private Duration quantile(long[] seen, long rank) {
        long passed = 0;
        for (int i = 0; i < CLASSES; i++) {
            passed += seen[i];
            if (passed >= rank && passed > 0) {
                return Duration.ofNanos(Math.min(1000 * end(i), max.get()));
            }
        }
        return Duration.ZERO;
    }

    /** The class of a duration: its highest binary digit and the two behind it. */
    static int classOf(long micros) {
        if (micros < 4) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        return Math.min(CLASSES - 1, 4 * (exponent - 1) + (int) (micros >>> (exponent - 2) & 3));
    }

    /** The microseconds that all durations of a class are below. */
    static long end(int number) {
        return number < 4 ? number + 1 : (5L + number % 4) << (number / 4 - 1);
    }
}
