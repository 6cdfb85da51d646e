/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.lang.management.ManagementFactory;

/**
 * How much the compiler had done at some time. What it has not yet reached is several times slower, and on two cores it takes one of
 * them for most of a minute: nothing is to be measured before that.
 *
 * @param at when, by {@link System#nanoTime}
 * @param compiled what the compiler had worked until then, in milliseconds
 */
record Warmth(long at, long compiled) {

    private static final double LITTLE = 0.05;

    static Warmth now() {
        return new Warmth(
                System.nanoTime(), ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    /** Whether the compiler has had next to nothing to do since then. */
    boolean settled() {
        Warmth now = now();
        return (now.compiled - compiled) * 1e6 < LITTLE * (now.at - at);
    }
}
