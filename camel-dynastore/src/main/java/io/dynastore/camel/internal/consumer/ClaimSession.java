/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.thread.ContextClassLoader;
import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Failures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The work of a consumer that claims items, from its start to its stop.
 *
 * <ol>
 *   <li>A poll looks through each partition for claimable items, and claims them while less than concurrentClaims are
 *       in flight. It ends when it has seen the partitions, and doesn't wait for exchanges.
 *   <li>Of a page, the poll claims the older items first, those of about the same age in random order. So two consumers
 *       seldom try the same item at the same time. If another consumer was faster, the next item of the page follows.
 *   <li>If a page has nothing to claim, one more page is read, as large as DynamoDB allows. Then the poll remembers the
 *       place, and the next poll continues there. So a poll has a bounded cost, however many items are claimed or not
 *       yet due.
 *   <li>Each exchange runs on a thread of its own, as in a consumer with several concurrent partitions.
 *   <li>If the consumer is suspended or stops, nothing further is claimed. What is claimed and not delivered is given
 *       back. Exchanges in flight end, and their items are settled.
 * </ol>
 */
public final class ClaimSession implements PollSession {

    private static final long SLICE_MILLIS = 100;
    private static final long LONGEST_STOP_SECONDS = 5;

    private final ConsumerContext context;
    private final Claims claims;
    private final DefaultConsumer consumer;
    private final ConsumerSession.ConsumerState state;
    private final TableErrorLog tableErrors;
    private final ClaimDelivery delivery;
    private final WorkerThreads threads;
    private final Semaphore slots;
    private final CandidateReader candidates;
    private final @Nullable Partition dead;
    private final Runnable ended;
    private final AtomicBoolean polling = new AtomicBoolean();
    private volatile boolean stopped;

    /**
     * A session that has not polled.
     *
     * @param most the most items in flight
     * @param dead the partition of dead items, which can't be consumed; null if there is none
     * @param ended runs at the end of the session
     */
    public ClaimSession(
            ConsumerContext context,
            Claims claims,
            int most,
            @Nullable Partition dead,
            DefaultConsumer consumer,
            ConsumerSession.ConsumerState state,
            TableErrorLog tableErrors,
            Runnable ended) {
        this.dead = dead;
        this.ended = ended;
        this.context = context;
        this.claims = claims;
        this.consumer = consumer;
        this.state = state;
        this.tableErrors = tableErrors;
        this.delivery = new ClaimDelivery(context, consumer);
        this.candidates = new CandidateReader(context, claims, most);
        this.slots = new Semaphore(most);
        this.threads = new WorkerThreads(
                consumer.getEndpoint().getCamelContext(),
                consumer.getEndpoint(),
                consumer.getEndpoint().getEndpointUri());
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
        ItemQuota quota = new ItemQuota(limit);
        ClaimPoll poll = new ClaimPoll(quota);
        Exception first = null;
        List<Partition> partitions = new ArrayList<>(context.partitions());
        candidates.retain(partitions);
        Collections.shuffle(partitions);
        for (Partition partition : partitions) {
            try {
                poll.partition(partition);
                tableErrors.after(null);
            } catch (CancellationException e) {
                break;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (Exception e) {
                tableErrors.after(e);
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return poll.claimed();
    }

    private boolean mayClaim() {
        return !stopped && state.mayRead();
    }

    /** One poll, on the thread of the scheduler. */
    private final class ClaimPoll {
        private final ItemQuota quota;
        private int claimed;

        ClaimPoll(ItemQuota quota) {
            this.quota = quota;
        }

        int claimed() {
            return claimed;
        }

        void partition(Partition partition) throws Exception {
            boolean wide = false;
            while (mayClaim() && quota.remaining() > 0 && slot()) {
                slots.release();
                CandidatePage page = await(candidates.read(partition, wide));
                state.ready();
                claim(page.candidates());
                candidates.passed(partition, page);
                if (page.last() || (wide && page.candidates().isEmpty())) {
                    return;
                }
                wide = page.candidates().isEmpty();
            }
        }

        /** Waits until an item may be claimed. */
        private boolean slot() throws InterruptedException {
            while (mayClaim()) {
                if (slots.tryAcquire(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return false;
        }

        private void claim(List<Candidate> found) throws Exception {
            List<CompletableFuture<Optional<HeldClaim>>> sent = new ArrayList<>();
            for (Candidate candidate : candidates.spread(found)) {
                if (quota.take(1) == 0) {
                    break;
                }
                if (!slot()) {
                    quota.giveBack(1);
                    break;
                }
                sent.add(send(candidate));
            }
            Exception failure = null;
            for (CompletableFuture<Optional<HeldClaim>> one : sent) {
                try {
                    claimed += await(one).isPresent() ? 1 : 0;
                } catch (CancellationException | InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        private CompletableFuture<Optional<HeldClaim>> send(Candidate candidate) {
            return claims.claim(candidate).whenComplete((claim, error) -> {
                if (error == null && claim.isPresent()) {
                    begin(claim.get());
                } else {
                    slots.release();
                    quota.giveBack(1);
                }
            });
        }
    }

    /** Delivers a claimed item on a thread of its own. Its slot is free when the item is settled. */
    private void begin(HeldClaim claim) {
        if (stopped || !state.mayDeliver()) {
            CompletableFuture<?> unused = delivery.giveBack(claim).whenComplete((end, error) -> slots.release());
            return;
        }
        threads.execute(() -> {
            CompletableFuture<?> settled = !stopped && state.mayDeliver() && claim.mayBeDelivered()
                    ? delivery.deliver(claim)
                    : delivery.giveBack(claim);
            CompletableFuture<?> unused = settled.whenComplete((end, error) -> slots.release());
        });
    }

    /** Waits for a response, but not after the end of the session. */
    private <T> T await(CompletableFuture<T> response) throws Exception {
        while (true) {
            try {
                return response.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (stopped) {
                    throw new CancellationException();
                }
            } catch (ExecutionException e) {
                throw Failures.cause(Objects.requireNonNull(e.getCause())) instanceof Exception cause ? cause : e;
            }
        }
    }

    @Override
    public void cancelReads() {
        context.reads().cancel();
    }

    /** Exchanges have ended by now, unless the route is stopped by force. What they have to settle is waited for. */
    @Override
    public void stop() {
        stopped = true;
        cancelReads();
        delivery.awaitSettled(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        threads.close();
        claims.close();
        ended.run();
    }
}
