/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.group.GroupMember;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of a consumer in a group, around the work of a single consumer.
 *
 * <ol>
 *   <li>The member joins at the start. If a living member shares something else, the start fails.
 *   <li>When the member has taken partitions, they are polled at once.
 *   <li>At a suspension and at a stop, all partitions are given up. Each is free when its exchange in flight has ended.
 *   <li>The stop waits for that before it abandons the poll, but not for ever: what is still in flight then runs out
 *       with its lease. It waits a little for the words to other members as well.
 * </ol>
 */
final class GroupSession implements PollSession {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    /** Others find what they are not told of by their next looks. */
    private static final Duration LONGEST_TELLING = Duration.ofMillis(500);

    private final ConsumerContext context;
    private final GroupPartitions group;
    private final PollSession inner;

    private GroupSession(ConsumerContext context, GroupPartitions group, PollSession inner) {
        this.context = context;
        this.group = group;
        this.inner = inner;
    }

    /**
     * Joins the group.
     *
     * @param inner the work of a single consumer
     * @param prompt polls when the member has taken partitions
     * @throws InvalidInputException naming the table, if a living member shares something else
     */
    static PollSession begin(ConsumerContext context, GroupPartitions group, PollSession inner, PromptPoll prompt) {
        GroupSession session = new GroupSession(context, group, inner);
        try {
            group.member().whenTaken(prompt::begin);
            session.join();
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private GroupMember member() {
        return group.member();
    }

    private void join() {
        try {
            reject(member().check().get(LONGEST_CHECK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "Table {}, group {}: the members could not be read. The consumer joins as soon as they can be.",
                    context.location().table(),
                    member().settings().group(),
                    e.getCause() == null ? e : e.getCause());
        }
        try {
            group.name();
        } catch (RuntimeException e) {
            LOG.debug("The first poll reports it", e);
        }
        member().start();
    }

    private void reject(@Nullable String conflict) {
        if (conflict != null) {
            throw new InvalidInputException("Table " + context.location().table() + ": " + conflict);
        }
    }

    @Override
    public boolean progressed() {
        return inner.progressed();
    }

    @Override
    public void runAlone(Runnable poll) {
        inner.runAlone(poll);
    }

    @Override
    public int poll(int limit) throws Exception {
        reject(member().conflict());
        int delivered = inner.poll(limit);
        Throwable failure = member().failure();
        if (failure != null) {
            throw new DynaStoreException(
                    "Table " + context.location().table() + ", group "
                            + member().settings().group()
                            + ": the member can't reach its group. It reads only what it has. "
                            + failure.getMessage(),
                    failure);
        }
        return delivered;
    }

    @Override
    public @Nullable QueueMonitor queue() {
        return inner.queue();
    }

    @Override
    public void cancelReads() {
        inner.cancelReads();
    }

    @Override
    public void suspended() {
        member().suspend();
    }

    @Override
    public void resumed() {
        member().resume();
    }

    @Override
    public void stop() {
        inner.cancelReads();
        try {
            member().leave().get(LONGEST_LEAVE.toMillis(), TimeUnit.MILLISECONDS);
            tell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "Table {}, group {}: not all partitions were freed at the stop. Other members get the rest after"
                            + " groupLease.",
                    context.location().table(),
                    member().settings().group());
        }
        inner.stop();
    }

    private void tell() throws InterruptedException {
        try {
            member().told().get(LONGEST_TELLING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug(
                    "Table {}: other members could not be told of freed partitions",
                    context.location().table(),
                    e);
        }
    }

    @Override
    public void close() {
        inner.close();
        group.close();
    }
}
