/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.ServiceClock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one member, and real clocks. Thread safe. */
final class ThreadedRuntime implements GroupRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private final ScheduledExecutorService thread;
    private final ServiceClock clock;
    private final Duration clockSkew;

    /**
     * Runs tasks on a thread.
     *
     * @param thread has one thread; the caller shuts it down
     */
    ThreadedRuntime(ScheduledExecutorService thread, ServiceClock clock, Duration clockSkew) {
        this.thread = thread;
        this.clock = clock;
        this.clockSkew = clockSkew;
    }

    @Override
    public ClockReading now() {
        return clock.now();
    }

    @Override
    public boolean clockTrusted() {
        return clock.trusted(clockSkew);
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public String id() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public void after(long nanos, Runnable task) {
        try {
            var unused = thread.schedule(() -> guarded(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The member has ended", e);
        }
    }

    /** An error of one task must not end the member. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task of a consumer group has failed", e);
        }
    }
}
