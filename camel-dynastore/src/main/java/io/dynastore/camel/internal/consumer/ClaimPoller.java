/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Key;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives pollEnrich one claimed item at a time.
 *
 * <ol>
 *   <li>The item is settled when the exchange that took it has ended, as if it had been delivered to a route.
 *   <li>If the caller's time is over while a claim is in flight, the item is given back.
 *   <li>If an exchange is dropped without an end, its claim is renewed no more once the exchange is garbage collected.
 *       So the item comes again.
 *   <li>An item that nobody can claim fails no exchange. It is left out, and logged.
 *   <li>If the endpoint stops, claims of exchanges in flight are renewed until these end.
 * </ol>
 *
 * <p>Thread safe. All polling consumers of an endpoint share it.
 */
final class ClaimPoller implements ItemPoller {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");
    private static final int MOST_REPORTED = 1000;

    private final ConsumerContext context;
    private final Claims claims;
    private final QueueMonitor queue;
    private final CandidateSource source;
    private final @Nullable Partition dead;
    private final ClaimSettlement settlement;
    private final Runnable ended;
    private final ReentrantLock taking = new ReentrantLock();
    private final Semaphore settled = new Semaphore(0);

    /** The items that can't be claimed, and that this was logged for. Beyond the limit, some are logged again. */
    private final Map<Key, Boolean> reported = LRUCacheFactory.newLRUCache(MOST_REPORTED);

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
        source.begin(context.partitions());
        while (true) {
            CompletableFuture<CandidatePage> read = source.next(1);
            if (read == null) {
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
                    report(claims.key(candidate), e);
                }
            }
            source.passed(page, page.candidates(), 0, broken);
        }
    }

    /** The exchange that asks for an item has nothing to do with this one. */
    private void report(Key key, Exception error) {
        if (reported.put(key, Boolean.TRUE) == null) {
            LOG.warn(
                    "Table {}, key {}: the item can't be claimed, and is left out. This is logged once.",
                    context.location().table(),
                    key,
                    error);
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
