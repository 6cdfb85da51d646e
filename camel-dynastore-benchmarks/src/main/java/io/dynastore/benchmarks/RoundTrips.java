/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often a client waits for its engine. Thread safe. */
final class RoundTrips {

    private final LongAdder all = new LongAdder();

    void count() {
        all.increment();
    }

    long sum() {
        return all.sum();
    }
}
