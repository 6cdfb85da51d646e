/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.lang.management.ManagementFactory;

/**
 * The work of the JIT compiler until some time. Code that is not compiled yet is several times slower. On two cores
 * the compiler takes one of them for most of a minute, so a measurement has to wait for it.
 *
 * @param at the time, by {@link System#nanoTime}
 * @param compiled the compiler's time until then, in milliseconds
 */
record JitWarmUp(long at, long compiled) {

    private static final double IDLE_SHARE = 0.05;

    static JitWarmUp now() {
        return new JitWarmUp(
                System.nanoTime(), ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    /** Whether the compiler has been almost idle since then. */
    boolean settled() {
        JitWarmUp now = now();
        return (now.compiled - compiled) * 1e6 < IDLE_SHARE * (now.at - at);
    }
}
