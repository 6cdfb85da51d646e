/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one load.
 *
 * @param perSecond steps a second
 * @param cpu microseconds of processor time that this process took for a step, garbage collection and compiler included
 * @param allocated kilobytes that its threads allocated for a step
 * @param p50 microseconds
 * @param p99 microseconds
 * @param p999 microseconds
 * @param threads how many there were
 */
record Figures(double perSecond, double cpu, double allocated, double p50, double p99, double p999, int threads) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The process at one moment. */
    record Snapshot(long nanos, long cpuNanos, long allocatedBytes, long steps) {

        Figures until(Snapshot later, Histogram latencies) {
            double done = Math.max(1, later.steps - steps);
            return new Figures(
                    done * 1e9 / (later.nanos - nanos),
                    (later.cpuNanos - cpuNanos) / 1e3 / done,
                    (later.allocatedBytes - allocatedBytes) / 1024.0 / done,
                    latencies.getValueAtPercentile(50) / 1e3,
                    latencies.getValueAtPercentile(99) / 1e3,
                    latencies.getValueAtPercentile(99.9) / 1e3,
                    THREADS.getThreadCount());
        }
    }

    /** @param steps how many there were so far */
    static Snapshot snapshot(long steps) {
        return new Snapshot(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocatedByLiveThreads(), steps);
    }

    private static long allocatedByLiveThreads() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%.1f\t%.2f\t%.2f\t%.1f\t%.1f\t%.1f\t%d",
                perSecond,
                cpu,
                allocated,
                p50,
                p99,
                p999,
                threads);
    }

    static Figures parse(String[] line, int from) {
        return new Figures(
                Double.parseDouble(line[from]),
                Double.parseDouble(line[from + 1]),
                Double.parseDouble(line[from + 2]),
                Double.parseDouble(line[from + 3]),
                Double.parseDouble(line[from + 4]),
                Double.parseDouble(line[from + 5]),
                Integer.parseInt(line[from + 6]));
    }
}
