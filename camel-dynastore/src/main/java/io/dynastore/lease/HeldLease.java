/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lease that was acquired here.
 *
 * <p>Its monitor guards {@link LeaseStatus}. It is never held while a request is sent or a listener runs. Thread safe.
 */
final class HeldLease implements Lease {

    private final LockContext context;
    private final AcquireAttempt attempt;
    private final LockItem acquired;
    private final LeaseKeeper keeper;
    private final LeaseListeners listeners;

    private LeaseStatus status;
    private @Nullable CompletableFuture<Void> release;

    /**
     * A lease that is not kept yet.
     *
     * @param acquired the lock as the acquire wrote it
     */
    HeldLease(LockContext context, AcquireAttempt attempt, LockItem acquired) {
        this.context = context;
        this.attempt = attempt;
        this.acquired = acquired;
        this.status = LeaseStatus.acquired(attempt.term(), acquired.until());
        this.listeners = new LeaseListeners(context.executor());
        this.keeper = new LeaseKeeper(context, attempt, this, acquired.until());
    }

    /** Registers the lease and starts its heartbeat. */
    void begin() {
        context.leases().begun(this);
        keeper.begin();
    }

    @Override
    public Key key() {
        return attempt.key();
    }

    @Override
    public String owner() {
        return attempt.owner();
    }

    @Override
    public long token() {
        return acquired.fence();
    }

    /** The id of this acquire, as the table has it. */
    String holder() {
        return attempt.holder();
    }

    @Override
    public @Nullable Object data() {
        return context.client().data(key(), acquired.data());
    }

    @Override
    public LeaseState state() {
        return status().at(context.ticker().nanos());
    }

    @Override
    public boolean isHeld() {
        return !state().ended();
    }

    @Override
    public Duration remaining() {
        return status().remaining(context.ticker().nanos());
    }

    @Override
    public Instant expires() {
        return Instant.ofEpochMilli(status().until());
    }

    @Override
    public Optional<LockLostException> loss() {
        return Optional.ofNullable(status().loss());
    }

    @Override
    public CompletableFuture<Instant> renew() {
        return context.handed(keeper.renew());
    }

    @Override
    public CompletableFuture<Void> release() {
        return context.handed(released());
    }

    @Override
    public synchronized boolean isGivenUp() {
        return release != null;
    }

    @Override
    public void close() {
        ReleaseWait.await(this, released());
    }

    @Override
    public void onLoss(Consumer<LockLostException> listener) {
        listeners.onLoss(listener);
    }

    @Override
    public void onRisk(Consumer<Lease> listener) {
        listeners.onRisk(listener);
    }

    /** As {@link #release}, but the future completes on any thread. */
    CompletableFuture<Void> released() {
        endIfExpired(context.ticker().nanos());
        CompletableFuture<Void> result;
        LeaseStatus before;
        synchronized (this) {
            if (release != null) {
                return release;
            }
            result = release = new CompletableFuture<>();
            before = status;
            status = before.released();
        }
        keeper.stop(new LockLostException(context.client().tableName(), key(), Reason.NOT_HELD, null, null));
        context.leases().released(this);
        sendRelease(before, result);
        return result;
    }

    /**
     * Not sent if others have the lock. After the deadline it only saves others the wait: the result stays the loss.
     */
    private void sendRelease(LeaseStatus before, CompletableFuture<Void> result) {
        if (before.loss() != null) {
            result.completeExceptionally(before.loss());
        }
        if (state() == LeaseState.LOST) {
            return;
        }
        var unused = ReleaseLoop.of(context, attempt, before.term()).whenComplete((done, error) -> {
            if (error == null) {
                result.complete(null);
            } else {
                record(error);
                result.completeExceptionally(error);
            }
        });
    }

    private synchronized void record(Throwable releaseError) {
        status = status.releaseFailed(releaseError);
    }

    /** Why the last renewal was not confirmed; null if it was. */
    @Nullable
    Throwable failure() {
        return keeper.failure();
    }

    /** The lease term that is confirmed. */
    LeaseTerm term() {
        return status().term();
    }

    synchronized LeaseStatus status() {
        return status;
    }

    /** Records that a renewal was confirmed. Returns false if the response came too late. */
    synchronized boolean confirmed(LeaseTerm next, long until) {
        if (status.at(context.ticker().nanos()).ended()) {
            return false;
        }
        status = status.renewed(next, until);
        return true;
    }

    /** Reports to the listeners if the lease is at risk from now on. */
    void reportRisk(long now) {
        synchronized (this) {
            if (!status.becomesAtRisk(now)) {
                return;
            }
            status = status.atRisk();
        }
        listeners.atRisk(this);
    }

    /** Ends the lease if its deadline has passed. Returns whether it has ended, now or before. */
    boolean endIfExpired(long now) {
        if (status().expired(now)) {
            Throwable why = failure();
            end(LeaseState.EXPIRED, why == null ? Reason.EXPIRED : Reason.OUT_OF_REACH, null, why);
        }
        return status().state().ended();
    }

    /** Another holder has taken the lock, or its item is gone. */
    void taken(@Nullable String by) {
        end(LeaseState.LOST, Reason.TAKEN, by, null);
    }

    private void end(LeaseState how, Reason reason, @Nullable String by, @Nullable Throwable failure) {
        LockLostException lost = new LockLostException(context.client().tableName(), key(), reason, by, failure);
        synchronized (this) {
            if (status.state().ended()) {
                return;
            }
            status = status.ended(how, lost);
        }
        keeper.stop(lost);
        context.leases().lost(this);
        listeners.lost(lost);
    }

    @Override
    public String toString() {
        return "Lease" + key() + " " + state() + " owner " + Key.shown(owner()) + " token " + token();
    }
}
