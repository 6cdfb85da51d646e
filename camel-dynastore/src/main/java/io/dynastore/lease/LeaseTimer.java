/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

/** Wakes leases up. */
interface LeaseTimer {

    /** Something that is to happen, and can be called off. */
    @FunctionalInterface
    interface Wakeup {
        void cancel();
    }

    /** Has the task run after this time, on a thread on which nothing may wait. */
    Wakeup after(long nanos, Runnable task);

    /** Has a task that sends a request run soon, one after the other. */
    void send(Runnable task);
}
