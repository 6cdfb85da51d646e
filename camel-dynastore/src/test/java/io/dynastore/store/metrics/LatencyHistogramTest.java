/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void histogramWithoutCallsIsZero() {
        assertThat(histogram.snapshot())
                .isEqualTo(new LatencySnapshot(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(histogram.snapshot().mean()).isZero();
    }

    @Test
    void sumAndMaximumAreExact() {
        histogram.add(1_000_001);
        histogram.add(2_000_001);

        LatencySnapshot snapshot = histogram.snapshot();

        assertThat(snapshot.calls()).isEqualTo(2);
        assertThat(snapshot.total()).isEqualTo(Duration.ofNanos(3_000_002));
        assertThat(snapshot.mean()).isEqualTo(Duration.ofNanos(1_500_001));
        assertThat(snapshot.max()).isEqualTo(Duration.ofNanos(2_000_001));
    }

    @Test
    void medianAndP99AreAtMostAQuarterTooLong() {
        LongStream.rangeClosed(1, 1000).forEach(milli -> histogram.add(milli * 1_000_000));

        LatencySnapshot snapshot = histogram.snapshot();

        assertThat(snapshot.median()).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
        assertThat(snapshot.p99()).isBetween(Duration.ofMillis(990), Duration.ofMillis(1000));
    }

    @Test
    void singleOutlierIsNotTheP99() {
        LongStream.rangeClosed(1, 199).forEach(call -> histogram.add(1_000_000));
        histogram.add(60_000_000_000L);

        assertThat(histogram.snapshot().p99()).isLessThan(Duration.ofMillis(2));
        assertThat(histogram.snapshot().max()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void durationOfHoursIsCounted() {
        histogram.add(Duration.ofHours(30).toNanos());
        histogram.add(-1);

        assertThat(histogram.snapshot().calls()).isEqualTo(2);
        assertThat(histogram.snapshot().max()).isEqualTo(Duration.ofHours(30));
    }

    @Property
    void upperBoundOfABucketIsLittleAboveItsDurations(@ForAll @LongRange(min = 0, max = 2_000_000_000) long micros) {
        int bucket = LatencyHistogram.bucketOf(micros);

        assertThat(LatencyHistogram.upperBound(bucket))
                .isGreaterThan(micros)
                .isLessThanOrEqualTo(micros + 1 + micros / 4);
        if (bucket > 0) {
            assertThat(LatencyHistogram.upperBound(bucket - 1)).isLessThanOrEqualTo(micros);
        }
    }
}
