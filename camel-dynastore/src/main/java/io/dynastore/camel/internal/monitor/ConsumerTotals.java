/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.consumer.ConsumerCounters;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The sums of the counters of consumers that have the same tags, as two endpoints of pollEnrich on one table have. A
 * sum never falls: it keeps what a consumer has counted that has stopped. Thread safe.
 */
final class ConsumerTotals {

    private final Set<ConsumerCounters> running = new HashSet<>();
    private final ConsumerCounters stopped = new ConsumerCounters();

    synchronized void add(ConsumerCounters counters) {
        running.add(counters);
    }

    /** Removes a consumer; returns whether none is left. */
    synchronized boolean remove(ConsumerCounters counters) {
        if (running.remove(counters)) {
            stopped.add(counters);
        }
        return running.isEmpty();
    }

    synchronized double sum(ToDoubleFunction<ConsumerCounters> count) {
        return count.applyAsDouble(stopped)
                + running.stream().mapToDouble(count).sum();
    }
}
