/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    /**
     * The counters of the process at one moment.
     *
     * @param allocated bytes that each live thread has allocated
     */
    record Snapshot(long nanos, long cpuNanos, Map<Long, Long> allocated, long operations) {

        Measurement until(Snapshot later, Histogram latencies) {
            double done = Math.max(1, later.operations - operations);
            return new Measurement(
                    done * 1e9 / (later.nanos - nanos),
                    (later.cpuNanos - cpuNanos) / 1e3 / done,
                    allocatedUntil(later) / 1024.0 / done,
                    latencies.getValueAtPercentile(50) / 1e3,
                    latencies.getValueAtPercentile(99) / 1e3,
                    latencies.getValueAtPercentile(99.9) / 1e3,
                    THREADS.getThreadCount());
        }

        /** Thread by thread: one that has ended in between would take away all that it has ever allocated. */
        private long allocatedUntil(Snapshot later) {
            return later.allocated.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - allocated.getOrDefault(thread.getKey(), 0L))
                    .sum();
        }
    }

    /** The counters now, with the number of operations so far. */
    static Snapshot snapshot(long operations) {
        return new Snapshot(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocatedByThread(), operations);
    }

    private static Map<Long, Long> allocatedByThread() {
        long[] threads = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < threads.length; i++) {
            // -1 if it has just ended
            if (bytes[i] > 0) {
                allocated.put(threads[i], bytes[i]);
            }
        }
        return allocated;
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
