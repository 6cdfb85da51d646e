/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** Wakes leases up. */
interface LeaseTimer {

    /** A task that waits for its time, and can be cancelled. */
    @FunctionalInterface
    interface Wakeup {
        void cancel();
    }

    /** Runs the task after this time, on a thread on which nothing may wait. */
    Wakeup after(long nanos, Runnable task);

    /** Runs a task that sends a request as soon as possible, one task after the other. */
    void send(Runnable task);
}
