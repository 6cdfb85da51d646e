/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import org.jspecify.annotations.Nullable;

/** Runs a task at one point in time at most, the earliest that was asked for. Used by one thread. */
final class Alarm {

    private final GroupRuntime runtime;
    private final Runnable task;
    private @Nullable Long next;

    /** Runs nothing yet. */
    Alarm(GroupRuntime runtime, Runnable task) {
        this.runtime = runtime;
        this.task = task;
    }

    /** Runs the task at this value of the ticker, unless it runs earlier. */
    void at(long nanos) {
        Long set = next;
        if (set != null && set - nanos <= 0) {
            return;
        }
        next = nanos;
        runtime.after(Math.max(0, nanos - runtime.now().nanos()), () -> {
            Long latest = next;
            if (latest != null && latest == nanos) {
                next = null;
                task.run();
            }
        });
    }
}
