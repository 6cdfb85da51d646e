/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.Random;
import java.util.SplittableRandom;

/**
 * The seed of tests that roll dice, printed once so that a failed run can be repeated with
 * {@code -Ddynastore.test.seed=N}. Properties of jqwik print seeds of their own.
 */
public final class TestSeed {

    private static final long SEED = choose();

    private TestSeed() {}

    /** The seed of this run. */
    public static long value() {
        return SEED;
    }

    /** A random source that gives the same in each run with this seed. */
    public static Random random() {
        return new Random(SEED);
    }

    private static long choose() {
        String given = System.getProperty("dynastore.test.seed", "");
        long seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("dynastore.test.seed=" + seed);
        return seed;
    }

    /**
     * A random for one of many seeds in a row. The first numbers of {@link Random} hardly differ between such seeds, so
     * that all of them would begin in the same way.
     */
    public static Random random(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }
}
