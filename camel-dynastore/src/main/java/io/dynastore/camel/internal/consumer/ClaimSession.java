/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.thread.ContextClassLoader;
import io.dynastore.queue.Claims;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The work of a consumer that claims items, from its start to its stop.
 *
 * <ol>
 *   <li>A poll looks for claimable items, in the {@linkplain DueItems index} or in the {@linkplain CandidateReader
 *       table}, and claims them while less than concurrentClaims are in flight. It doesn't wait for exchanges.
 *   <li>Of a page, the poll claims the older items first, those of about the same age in random order. So two consumers
 *       seldom try the same item at the same time. If another consumer was faster, the next item of the page follows.
 *   <li>While claims can't be renewed, nothing is claimed, and each poll fails.
 *   <li>Each exchange runs on a thread of its own, as in a consumer with several concurrent partitions.
 *   <li>If the consumer is suspended or stops, nothing further is claimed. What is claimed and not delivered is given
 *       back. Exchanges in flight end, and their items are settled.
 * </ol>
 */
public final class ClaimSession implements PollSession {

    private final ConsumerContext context;
    private final Claims claims;
    private final QueueMonitor queue;
    private final DefaultConsumer consumer;
    private final TableErrorLog tableErrors;
    private final ClaimsInFlight inFlight;
    private final CandidateSource source;
    private final @Nullable Partition dead;
    private final Runnable ended;
    private final AtomicBoolean polling = new AtomicBoolean();

    /**
     * A session that has not polled.
     *
     * @param source finds the items
     * @param dead the partition of dead items, which can't be consumed; null if there is none
     * @param ended runs at the end of the session
     */
    ClaimSession(
            ConsumerContext context,
            Claims claims,
            QueueMonitor queue,
            ClaimsInFlight inFlight,
            CandidateSource source,
            @Nullable Partition dead,
            DefaultConsumer consumer,
            TableErrorLog tableErrors,
            Runnable ended) {
        this.context = context;
        this.claims = claims;
        this.queue = queue;
        this.inFlight = inFlight;
        this.source = source;
        this.dead = dead;
        this.consumer = consumer;
        this.tableErrors = tableErrors;
        this.ended = ended;
    }

    /** A failed item has its own delay, and is no reason to pause. */
    @Override
    public boolean progressed() {
        return true;
    }

    @Override
    public void runAlone(Runnable poll) {
        if (polling.compareAndSet(false, true)) {
            try {
                ContextClassLoader.in(consumer.getEndpoint().getCamelContext(), poll)
                        .run();
            } finally {
                polling.set(false);
            }
        }
    }

    @Override
    public int poll(int limit) throws Exception {
        context.reads().allow();
        ClaimsFactory.rejectConsumed(context, dead);
        claims.checkRenewals();
        return new ClaimPoll(claims, inFlight, source, tableErrors, new ItemQuota(limit)).run(context.partitions());
    }

    @Override
    public QueueMonitor queue() {
        return queue;
    }

    @Override
    public void cancelReads() {
        context.reads().cancel();
    }

    /** Exchanges have ended by now, unless the route is stopped by force. What they have to settle is waited for. */
    @Override
    public void stop() {
        inFlight.refuse();
        cancelReads();
        inFlight.stop();
    }

    @Override
    public void close() {
        inFlight.close();
        claims.close();
        ended.run();
    }
}
