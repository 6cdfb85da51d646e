/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What became of the calls of one operation. Thread safe; to count a call allocates nothing and takes no lock. */
public final class OperationMetrics {

    private final Map<CallStatus, AtomicLong> ended = new EnumMap<>(CallStatus.class);
    private final DoubleAdder capacity = new DoubleAdder();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final BiConsumer<CallStatus, OperationMetrics> first;

    OperationMetrics(BiConsumer<CallStatus, OperationMetrics> first) {
        this.first = first;
        for (CallStatus result : CallStatus.values()) {
            ended.put(result, new AtomicLong());
        }
    }

    /** The calls that have ended in any way. */
    public long calls() {
        return ended.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** The calls that have ended in this way. */
    public long calls(CallStatus result) {
        return of(result).get();
    }

    /** The capacity units that the service has reported. It reports none with an error, for a lock, or for a refused write. */
    public double consumedCapacity() {
        return capacity.sum();
    }

    /** How long the calls took, those included that failed. */
    public LatencySnapshot latency() {
        return latencies.latency();
    }

    /**
     * Counts a call.
     *
     * @param began what {@link System#nanoTime} said then
     * @param error what it failed with, as it is or in a CompletionException; null if it was carried out
     */
    public void ended(long began, @Nullable Throwable error) {
        CallStatus result = CallStatus.of(error);
        latencies.add(System.nanoTime() - began);
        if (of(result).getAndIncrement() == 0) {
            first.accept(result, this);
        }
    }

    /** Counts capacity units. */
    public void consumed(double units) {
        if (units != 0) {
            capacity.add(units);
        }
    }

    private AtomicLong of(CallStatus result) {
        return Objects.requireNonNull(ended.get(result));
    }
}
