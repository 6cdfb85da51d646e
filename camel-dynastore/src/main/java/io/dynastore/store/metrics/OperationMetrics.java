/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import io.dynastore.store.ThrottlingReasons;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts, latencies and capacity of the calls of one operation. Thread safe. Recording never blocks, and allocates
 * nothing after the first call.
 */
public final class OperationMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(StoreMetrics.class);

    /** More than DynamoDB has. Further ones are counted together. */
    private static final int MOST_REASONS = 30;

    private final Map<CallStatus, AtomicLong> ended = new EnumMap<>(CallStatus.class);
    private final Map<String, AtomicLong> throttled = new ConcurrentHashMap<>();
    private final DoubleAdder capacity = new DoubleAdder();
    private final LatencyHistogram histogram = new LatencyHistogram();
    private final BiConsumer<CallStatus, OperationMetrics> first;

    private volatile LongConsumer durations = nanos -> {};

    OperationMetrics(BiConsumer<CallStatus, OperationMetrics> first) {
        this.first = first;
        for (CallStatus status : CallStatus.values()) {
            ended.put(status, new AtomicLong());
        }
    }

    /** The number of calls that have ended, with any status. */
    public long calls() {
        return ended.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** The number of calls that have ended with this status. */
    public long calls(CallStatus status) {
        return of(status).get();
    }

    /**
     * The number of calls that failed because the service throttled them, by its reasons. A call may have several.
     * Calls that succeeded after retries are not among them.
     */
    public Map<String, Long> throttled() {
        Map<String, Long> calls = new TreeMap<>();
        throttled.forEach((reason, count) -> calls.put(reason, count.get()));
        return calls;
    }

    /**
     * The sum of the capacity units that responses reported. Not included: requests that failed, among them writes
     * with a failed condition, and requests of locks.
     */
    public double consumedCapacity() {
        return capacity.sum();
    }

    /** The latencies of all calls, failed ones included. */
    public LatencySnapshot latency() {
        return histogram.snapshot();
    }

    /**
     * Has the duration of each further call recorded elsewhere too, in nanoseconds.
     *
     * @param recorder called on the thread on which a call ends; must be quick, and must not throw
     */
    public void recordDurations(LongConsumer recorder) {
        durations = recorder;
    }

    /**
     * Records a call that has ended.
     *
     * @param startNanos the {@link System#nanoTime} of its start
     * @param error its error, as it is or in a CompletionException; null if it succeeded
     */
    public void ended(long startNanos, @Nullable Throwable error) {
        CallStatus status = CallStatus.of(error);
        long nanos = System.nanoTime() - startNanos;
        histogram.add(nanos);
        boolean isFirst = of(status).getAndIncrement() == 0;
        isFirst |= status == CallStatus.ERROR && throttled(error);
        try {
            if (isFirst) {
                first.accept(status, this);
            }
            durations.accept(nanos);
        } catch (RuntimeException | Error e) {
            // What listens to metrics must not turn the outcome of a call into a failure.
            LOG.warn("Metrics can't be recorded", e);
        }
    }

    /** Counts the reasons of a throttled call. Returns whether one of them is new. */
    private boolean throttled(@Nullable Throwable error) {
        boolean isNew = false;
        for (String reason : ThrottlingReasons.names(error)) {
            boolean full = throttled.size() >= MOST_REASONS && !throttled.containsKey(reason);
            String counted = full ? ThrottlingReasons.UNKNOWN : reason;
            isNew |= throttled
                            .computeIfAbsent(counted, first -> new AtomicLong())
                            .getAndIncrement()
                    == 0;
        }
        return isNew;
    }

    /** Adds capacity units. */
    public void consumed(double units) {
        if (units != 0) {
            capacity.add(units);
        }
    }

    private AtomicLong of(CallStatus status) {
        return Objects.requireNonNull(ended.get(status));
    }
}
