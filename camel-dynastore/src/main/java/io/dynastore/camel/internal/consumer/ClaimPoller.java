/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.queue.HeldClaim;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Gives pollEnrich one claimed item at a time.
 *
 * <ol>
 *   <li>The item is settled when the exchange that took it has ended, as if it had been delivered to a route.
 *   <li>If the caller's time is over while a claim is in flight, the item is given back.
 *   <li>If an exchange is dropped without an end, its claim is renewed no more once the exchange is garbage collected.
 *       So the item comes again.
 *   <li>If the endpoint stops, claims of exchanges in flight are renewed until these end.
 * </ol>
 *
 * <p>Thread safe. All polling consumers of an endpoint share it.
 */
final class ClaimPoller implements ItemPoller {

    private final ConsumerContext context;
    private final Claims claims;
    private final QueueMonitor queue;
    private final CandidateSource source;
    private final @Nullable Partition dead;
    private final ClaimSettlement settlement;
    private final Runnable ended;
    private final ReentrantLock taking = new ReentrantLock();
    private final Semaphore settled = new Semaphore(0);

    /** The items that exchanges have, and one for the endpoint until it stops. */
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * A poller that has taken nothing.
     *
     * @param dead the partition of dead items, which can't be consumed; null if there is none
     * @param ended runs when the endpoint has stopped and all items are settled
     */
    ClaimPoller(
            ConsumerContext context,
            Claims claims,
            QueueMonitor queue,
            CandidateSource source,
            @Nullable Partition dead,
            Runnable ended) {
        this.context = context;
        this.claims = claims;
        this.queue = queue;
        this.source = source;
        this.dead = dead;
        this.ended = ended;
        this.settlement = new ClaimSettlement(context);
    }

    @Override
    public boolean take(Exchange exchange, Exchange owner, Patience patience) throws Exception {
        while (!taking.tryLock(patience.slice(), TimeUnit.MILLISECONDS)) {
            if (patience.over()) {
                return false;
            }
        }
        boolean entered = users.getAndUpdate(number -> number == 0 ? 0 : number + 1) > 0;
        try {
            if (!entered) {
                throw new RejectedExecutionException(
                        "Table " + context.location().table()
                                + ": the endpoint has stopped, so that no claim could be renewed. Start it again.");
            }
            context.reads().allow();
            ClaimsFactory.rejectConsumed(context, dead);
            claims.checkRenewals();
            HeldClaim claim = next(patience);
            if (claim == null) {
                return false;
            }
            give(exchange, owner, claim);
            return true;
        } catch (Patience.OverException e) {
            context.reads().cancel();
            return false;
        } finally {
            taking.unlock();
            if (entered) {
                leave();
            }
        }
    }

    private @Nullable HeldClaim next(Patience patience) throws Exception {
        Exception first = null;
        source.begin(context.partitions());
        while (true) {
            CompletableFuture<CandidatePage> read = source.next(1);
            if (read == null) {
                if (first != null) {
                    throw first;
                }
                return null;
            }
            CandidatePage page = patience.await(read);
            int broken = 0;
            for (Candidate candidate : source.spread(page.candidates())) {
                try {
                    Optional<HeldClaim> claim = claim(candidate, patience);
                    if (claim.isPresent()) {
                        return claim.get();
                    }
                } catch (Exception e) {
                    if (!ClaimPoll.isOfItsItem(e)) {
                        throw e;
                    }
                    broken++;
                    first = first == null ? e : first;
                }
            }
            source.passed(page, page.candidates().size(), 0, broken);
        }
    }

    private Optional<HeldClaim> claim(Candidate candidate, Patience patience) throws Exception {
        CompletableFuture<Optional<HeldClaim>> sent = claims.claim(candidate);
        try {
            return patience.await(sent);
        } catch (Patience.OverException | InterruptedException e) {
            CompletableFuture<?> unused = sent.thenAccept(late -> late.ifPresent(this::giveBack));
            throw e;
        }
    }

    private void giveBack(HeldClaim claim) {
        CompletableFuture<?> unused = settlement.giveBack(claim);
    }

    private void give(Exchange exchange, Exchange owner, HeldClaim claim) {
        ConsumedItem item = settlement.item(claim);
        settlement.fill(exchange, claim, item);
        ClaimCompletion completion = ClaimCompletion.of(owner);
        WeakReference<ClaimCompletion> inUse = new WeakReference<>(completion);
        claim.renewWhile(() -> !inUse.refersTo(null), this::leave);
        users.incrementAndGet();
        CompletableFuture<?> unused = completion
                .ended()
                .thenCompose(error -> {
                    if (error != null) {
                        context.counters().failed();
                    }
                    return settlement.settle(claim, item, error, completion);
                })
                .whenComplete((end, error) -> {
                    try {
                        settled.release();
                        leave();
                    } finally {
                        // In use until here, even if the exchange is gone.
                        Reference.reachabilityFence(completion);
                    }
                });
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            claims.close();
            ended.run();
        }
    }

    @Override
    public void awaitSettled(long millis, Patience patience) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!patience.over() && System.nanoTime() - end < 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1;
            if (settled.tryAcquire(Math.min(left, patience.slice()), TimeUnit.MILLISECONDS)) {
                settled.drainPermits();
                return;
            }
        }
    }

    @Override
    public QueueMonitor queue() {
        return queue;
    }

    @Override
    public void close() {
        leave();
    }
}
