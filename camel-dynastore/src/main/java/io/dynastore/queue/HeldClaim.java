/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.Failures;
import io.dynastore.store.Item;
import io.dynastore.store.UnreadableItemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An item that is claimed here. The claim is renewed each third of its length until it is ended by one of the methods
 * below. Each of them may be called once, and only one of them. Thread safe, never waits.
 *
 * <p>If the store can't be reached at the end, the write is repeated for as long as a claim lasts. Then the future
 * fails, the claim runs out, and the item is delivered again.
 */
public final class HeldClaim {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final Claims claims;
    private final Claim claim;
    private volatile Renewal renewal;
    private volatile boolean stopped;

    /** The next renewal; null if there is none. */
    private volatile @Nullable Future<?> nextRenewal;

    private volatile @Nullable Throwable failing;
    private volatile BooleanSupplier inUse = () -> true;
    private volatile Runnable dropped = () -> {};

    HeldClaim(Claims claims, Claim claim) {
        this.claims = claims;
        this.claim = claim;
        this.renewal = Renewal.of(claim);
    }

    /** Starts the renewals. */
    void begin() {
        renewAfter(claim.term().beat(claims.random()) - System.nanoTime());
    }

    private void renewAfter(long nanos) {
        nextRenewal = claims.after(nanos, this::renew);
        if (stopped) {
            cancelRenewal();
        }
    }

    /** Or the timer would keep the item until then. */
    private void cancelRenewal() {
        Future<?> due = nextRenewal;
        if (due != null) {
            due.cancel(false);
        }
    }

    /**
     * Renews the claim only as long as this holds. Then it runs out, and the item comes again.
     *
     * @param dropped runs when it is renewed no more because of that
     */
    public void renewWhile(BooleanSupplier inUse, Runnable dropped) {
        this.dropped = dropped;
        this.inUse = inUse;
    }

    /** Ends the renewals. */
    void stop() {
        stopped = true;
        cancelRenewal();
    }

    /**
     * The item as it was claimed.
     *
     * @throws UnreadableItemException if its payload or a field can't be read
     */
    public Item item() {
        return claims.item(claim);
    }

    /** What can be read of an item that {@link #item} can't read: its key, its version and its expiry. */
    public Item unreadable() {
        return claims.unreadable(claim);
    }

    /** How many deliveries the item has had, with this one. */
    public long deliveries() {
        return claim.deliveries();
    }

    /** Why the claim could not be renewed the last time; null if it was, or needed no renewal. */
    @Nullable
    Throwable failing() {
        return failing;
    }

    /** The fencing token of the claim. */
    public long token() {
        return claim.token();
    }

    /** Whether the item may be delivered: the deadline of the claim has not passed. */
    public boolean mayBeDelivered() {
        return !renewal.lost() && !renewal.term().over(System.nanoTime());
    }

    /** No route has seen the item: frees it, and takes its delivery back. */
    public CompletableFuture<ClaimEnd> giveBack() {
        return end(new Ending.Goal.Unseen());
    }

    /**
     * The item is done: deletes it, unless it has changed.
     *
     * @param version the version that the route has seen or written last
     */
    public CompletableFuture<ClaimEnd> done(long version) {
        return end(new Ending.Goal.Done(version));
    }

    /**
     * The exchange of the item has failed, or the route rejects it.
     *
     * @param error the class of the error
     * @param rejected whether the item is dead at once
     * @param delay from when the item may be claimed again; null: by the settings
     */
    public CompletableFuture<ClaimEnd> failed(String error, boolean rejected, @Nullable Duration delay) {
        return end(
                ClaimRules.afterFailure(claim, claims.requests().settings(), error, rejected, delay, claims.random()));
    }

    private CompletableFuture<ClaimEnd> end(Ending.Goal goal) {
        // Inside of a stage, so that the claim ends whatever is thrown.
        return CompletableFuture.completedFuture(goal)
                .thenCompose(one -> send(Ending.of(claims.requests(), claim, one, claims.now())))
                .whenComplete((end, error) -> {
                    stop();
                    claims.ended(this);
                });
    }

    private CompletableFuture<ClaimEnd> send(Ending ending) {
        return claims.client().send(ending.write()).thenCompose(result -> {
            Progress progress = ending.after(result);
            if (progress instanceof Progress.Ended ended) {
                return CompletableFuture.completedFuture(ended.end());
            }
            Ending next = (Ending) progress;
            return result instanceof WriteResult.Failed failed ? again(next, failed.cause()) : send(next);
        });
    }

    private CompletableFuture<ClaimEnd> again(Ending next, Throwable cause) {
        Duration ttl = claims.requests().settings().ttl();
        if (claims.closed() || System.nanoTime() - next.began().nanos() > ttl.toNanos()) {
            return CompletableFuture.failedFuture(cause);
        }
        CompletableFuture<ClaimEnd> end = new CompletableFuture<>();
        Future<?> unusedTask =
                claims.after(Duration.ofMillis(ClaimRules.pause(ttl)).toNanos(), () -> {
                    CompletableFuture<?> unused = CompletableFuture.completedFuture(next)
                            .thenCompose(this::send)
                            .whenComplete((result, error) -> {
                                if (error == null) {
                                    end.complete(result);
                                } else {
                                    end.completeExceptionally(error);
                                }
                            });
                });
        return end;
    }

    /** An error of a renewal, whatever it is, does not end the renewals. */
    private void renew() {
        CompletableFuture<?> unused = CompletableFuture.completedFuture(this)
                .thenCompose(claim -> tryRenewal())
                .exceptionally(error -> {
                    failing = Failures.cause(error);
                    renewAfter(pause().toNanos());
                    return null;
                });
    }

    private Duration pause() {
        return Duration.ofMillis(ClaimRules.pause(claims.requests().settings().ttl()));
    }

    private CompletableFuture<Void> tryRenewal() {
        if (stopped) {
            return CompletableFuture.completedFuture(null);
        }
        if (!inUse.getAsBoolean()) {
            LOG.warn(
                    "{}: the exchange that took the item was dropped without an end. The claim runs out, and the item"
                            + " will be redelivered.",
                    claims.place(claim));
            stop();
            claims.ended(this);
            dropped.run();
            return CompletableFuture.completedFuture(null);
        }
        Duration ttl = claims.requests().settings().ttl();
        Renewal built = renewal.built(claims.now(), ttl);
        ClaimWrite write = new ClaimWrite.Update(claims.requests().renew(claim, built.until()));
        return claims.client().send(write).thenAccept(result -> renewed(built, result));
    }

    private void renewed(Renewal built, WriteResult result) {
        Renewal next = built.after(result);
        renewal = next;
        failing = result instanceof WriteResult.Failed failed ? failed.cause() : null;
        if (stopped) {
            return;
        }
        if (next.lost()) {
            if (result instanceof WriteResult.Refused refused && refused.found() == null) {
                // The route may have deleted the item itself.
                LOG.debug("{}: the item is gone while its exchange is in flight", claims.place(claim));
                return;
            }
            LOG.warn(
                    "{}: the claim is lost. Its exchange is still in flight, but it can't settle the item, and its"
                            + " fenced writes are refused.",
                    claims.place(claim));
            return;
        }
        long wait =
                Renewal.confirms(result) ? next.term().beat(claims.random()) - System.nanoTime() : pause().toNanos();
        renewAfter(wait);
    }
}
