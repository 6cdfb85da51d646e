/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** A monotonic clock that starts anywhere. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds; only differences mean something. */
    long nanos();

    /** The ticker of the JVM. */
    static Ticker system() {
        return System::nanoTime;
    }
}
