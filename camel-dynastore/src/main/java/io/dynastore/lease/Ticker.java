/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** A clock that only ever runs forward, at the speed of time, from an arbitrary beginning. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds; only differences mean something. */
    long nanos();

    /** The JVM's. */
    static Ticker system() {
        return System::nanoTime;
    }
}
