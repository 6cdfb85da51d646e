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

    private final LatencyHistogram latencies = new LatencyHistogram();

    @Test
    void nothingTookNoTime() {
        assertThat(latencies.latency())
                .isEqualTo(new LatencySnapshot(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(latencies.latency().mean()).isZero();
    }

    @Test
    void theSumAndTheLongestAreExact() {
        latencies.add(1_000_001);
        latencies.add(2_000_001);

        LatencySnapshot latency = latencies.latency();

        assertThat(latency.calls()).isEqualTo(2);
        assertThat(latency.total()).isEqualTo(Duration.ofNanos(3_000_002));
        assertThat(latency.mean()).isEqualTo(Duration.ofNanos(1_500_001));
        assertThat(latency.max()).isEqualTo(Duration.ofNanos(2_000_001));
    }

    @Test
    void theMedianAndTheNinetyNinthAreAtMostAQuarterTooLong() {
        LongStream.rangeClosed(1, 1000).forEach(milli -> latencies.add(milli * 1_000_000));

        LatencySnapshot latency = latencies.latency();

        assertThat(latency.median()).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
        assertThat(latency.p99()).isBetween(Duration.ofMillis(990), Duration.ofMillis(1000));
    }

    @Test
    void aSingleOutlierIsNotTheNinetyNinth() {
        LongStream.rangeClosed(1, 199).forEach(call -> latencies.add(1_000_000));
        latencies.add(60_000_000_000L);

        assertThat(latencies.latency().p99()).isLessThan(Duration.ofMillis(2));
        assertThat(latencies.latency().max()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatTakesHoursIsCountedToo() {
        latencies.add(Duration.ofHours(30).toNanos());
        latencies.add(-1);

        assertThat(latencies.latency().calls()).isEqualTo(2);
        assertThat(latencies.latency().max()).isEqualTo(Duration.ofHours(30));
    }

    @Property
    void aClassEndsBehindWhatIsInItAndNotMuchBehind(@ForAll @LongRange(min = 0, max = 2_000_000_000) long micros) {
        int number = LatencyHistogram.classOf(micros);

        assertThat(LatencyHistogram.end(number)).isGreaterThan(micros).isLessThanOrEqualTo(micros + 1 + micros / 4);
        if (number > 0) {
            assertThat(LatencyHistogram.end(number - 1)).isLessThanOrEqualTo(micros);
        }
    }
}
