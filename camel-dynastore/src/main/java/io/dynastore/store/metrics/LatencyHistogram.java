/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of durations, with four buckets for each doubling, from one microsecond up to 36 minutes. Thread safe.
 * Recording allocates nothing but the buckets, with the first duration: most operations of most tables are never
 * called.
 */
final class LatencyHistogram {

    private static final int BUCKETS = 124;

    private final AtomicReference<@Nullable AtomicLongArray> counts = new AtomicReference<>();
    private final LongAdder total = new LongAdder();
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    /** Records a duration; a negative one counts as zero. */
    void add(long nanos) {
        buckets().incrementAndGet(bucketOf(nanos / 1000));
        total.add(nanos);
        max.accumulate(nanos);
    }

    private AtomicLongArray buckets() {
        AtomicLongArray present = counts.get();
        if (present != null) {
            return present;
        }
        AtomicLongArray made = new AtomicLongArray(BUCKETS);
        AtomicLongArray other = counts.compareAndExchange(null, made);
        return other == null ? made : other;
    }

    /** The present values. Calls that end at the same time may be in some of them and not yet in others. */
    LatencySnapshot snapshot() {
        AtomicLongArray present = counts.get();
        long[] copy = new long[BUCKETS];
        long calls = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = present == null ? 0 : present.get(i);
            calls += copy[i];
        }
        return new LatencySnapshot(
                calls,
                Duration.ofNanos(total.sum()),
                quantile(copy, (calls + 1) / 2),
                quantile(copy, calls - calls / 100),
                Duration.ofNanos(max.get()));
    }

    private Duration quantile(long[] bucketCounts, long rank) {
        long passed = 0;
        for (int i = 0; i < BUCKETS; i++) {
            passed += bucketCounts[i];
            if (passed >= rank && passed > 0) {
                return Duration.ofNanos(Math.min(1000 * upperBound(i), max.get()));
            }
        }
        return Duration.ZERO;
    }

    /** The bucket of a duration, by its highest binary digit and the two that follow it. */
    static int bucketOf(long micros) {
        if (micros < 4) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        return Math.min(BUCKETS - 1, 4 * (exponent - 1) + (int) (micros >>> (exponent - 2) & 3));
    }

    /** The exclusive upper bound of a bucket, in microseconds. */
    static long upperBound(int bucket) {
        return bucket < 4 ? bucket + 1 : (5L + bucket % 4) << (bucket / 4 - 1);
    }
}
