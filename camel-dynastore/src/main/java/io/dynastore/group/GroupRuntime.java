/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import java.util.random.RandomGenerator;

/** Time, chance and the thread of a member. */
public interface GroupRuntime {

    /** Now, on the wall clock and on the ticker. Callable from any thread. */
    ClockReading now();

    /** Whether the wall clock may decide on the leases of others. */
    boolean clockTrusted();

    /** Spreads what must not happen at the same time. */
    RandomGenerator random();

    /** A new id, unique on all machines. */
    String id();

    /** Runs a task as soon as possible; one task at a time, in order. */
    void execute(Runnable task);

    /** Runs a task after this time, as {@link #execute} does. A task that is due after the end is dropped. */
    void after(long nanos, Runnable task);
}
