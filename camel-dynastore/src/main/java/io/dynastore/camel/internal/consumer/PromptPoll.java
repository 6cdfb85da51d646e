/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.support.DefaultScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls as soon as a member has taken partitions, on the thread of Camel's scheduler, and not at the end of the delay.
 * Thread safe; never waits.
 *
 * <p>The first poll, a counted number of polls, polls by another scheduler, and polls that are further apart than the
 * looks of the member are left to the scheduler.
 */
final class PromptPoll {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private final ScheduledPollConsumer consumer;
    private final Duration interval;
    private final AtomicBoolean waiting = new AtomicBoolean();

    /**
     * Polls through this consumer.
     *
     * @param interval how often the member looks at its group
     */
    PromptPoll(ScheduledPollConsumer consumer, Duration interval) {
        this.consumer = consumer;
        this.interval = interval;
    }

    /** Polls, unless such a poll is about to begin. */
    void begin() {
        ScheduledExecutorService thread = thread();
        if (thread == null || !waiting.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.execute(() -> {
                waiting.set(false);
                consumer.run();
            });
        } catch (RejectedExecutionException e) {
            waiting.set(false);
            LOG.debug("The consumer has stopped", e);
        }
    }

    /** The thread of the scheduler; null if the next poll is left to it. */
    private @Nullable ScheduledExecutorService thread() {
        boolean hurried = consumer.getCounter() > 0
                && consumer.getRepeatCount() <= 0
                && consumer.getTimeUnit().toMillis(consumer.getDelay()) <= interval.toMillis();
        return hurried && consumer.getScheduler() instanceof DefaultScheduledPollConsumerScheduler scheduler
                ? scheduler.getScheduledExecutorService()
                : null;
    }
}
