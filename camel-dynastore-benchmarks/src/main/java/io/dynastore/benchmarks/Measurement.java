/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The measured values of one load.
 *
 * @param perSecond operations per second
 * @param cpu processor time of this process per operation in microseconds, including garbage collection and compiler
 * @param allocated kilobytes that its threads allocated per operation
 * @param p50 latency in microseconds
 * @param p99 latency in microseconds
 * @param p999 latency in microseconds
 * @param threads the number of threads
 */
record Measurement(double perSecond, double cpu, double allocated, double p50, double p99, double p999, int threads) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The counters of the process at one moment. */
    record Snapshot(long nanos, long cpuNanos, long allocatedBytes, long operations) {

        Measurement until(Snapshot later, Histogram latencies) {
            double done = Math.max(1, later.operations - operations);
            return new Measurement(
                    done * 1e9 / (later.nanos - nanos),
                    (later.cpuNanos - cpuNanos) / 1e3 / done,
                    (later.allocatedBytes - allocatedBytes) / 1024.0 / done,
                    latencies.getValueAtPercentile(50) / 1e3,
                    latencies.getValueAtPercentile(99) / 1e3,
                    latencies.getValueAtPercentile(99.9) / 1e3,
                    THREADS.getThreadCount());
        }
    }

    /** The counters now, with the number of operations so far. */
    static Snapshot snapshot(long operations) {
        return new Snapshot(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocatedByLiveThreads(), operations);
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

    static Measurement parse(String[] line, int from) {
        return new Measurement(
                Double.parseDouble(line[from]),
                Double.parseDouble(line[from + 1]),
                Double.parseDouble(line[from + 2]),
                Double.parseDouble(line[from + 3]),
                Double.parseDouble(line[from + 4]),
                Double.parseDouble(line[from + 5]),
                Integer.parseInt(line[from + 6]));
    }
}
