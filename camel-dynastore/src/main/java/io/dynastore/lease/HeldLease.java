/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lease and how it stands. Its lock is held to look and to change, never while a request or a user's code runs. */
final class HeldLease implements Lease {

    private final LockContext parts;
    private final AcquireAttempt claim;
    private final LockItem taken;
    private final LeaseKeeper keeper;
    private final LeaseListeners listeners;

    private LeaseTerm term;
    private long until;
    private LeaseState state = LeaseState.HELD;
    private @Nullable LockLostException loss;
    private @Nullable CompletableFuture<Void> release;

    /**
     * A lease that begins.
     *
     * @param taken the lock as the acquire left it
     */
    HeldLease(LockContext parts, AcquireAttempt claim, LockItem taken) {
        this.parts = parts;
        this.claim = claim;
        this.taken = taken;
        this.term = claim.term();
        this.until = taken.until();
        this.listeners = new LeaseListeners(parts.executor());
        this.keeper = new LeaseKeeper(parts, claim, this, taken.until());
    }

    /** Lets it be found, and kept. */
    void begin() {
        parts.leases().begun(this);
        keeper.begin();
    }

    @Override
    public Key key() {
        return claim.key();
    }

    @Override
    public String owner() {
        return claim.owner();
    }

    @Override
    public long token() {
        return taken.fence();
    }

    /** The id of this acquisition, as the table has it. */
    String holder() {
        return claim.holder();
    }

    @Override
    public @Nullable Object data() {
        return parts.table().data(key(), taken.data());
    }

    @Override
    public synchronized LeaseState state() {
        return !state.ended() && term.over(parts.ticker().nanos()) ? LeaseState.EXPIRED : state;
    }

    @Override
    public boolean isHeld() {
        return !state().ended();
    }

    @Override
    public synchronized Duration remaining() {
        return state.ended() ? Duration.ZERO : term.remaining(parts.ticker().nanos());
    }

    @Override
    public synchronized Instant expires() {
        return Instant.ofEpochMilli(until);
    }

    @Override
    public synchronized Optional<LockLostException> loss() {
        return Optional.ofNullable(loss);
    }

    @Override
    public CompletableFuture<Instant> renew() {
        return parts.handed(keeper.renew());
    }

    @Override
    public CompletableFuture<Void> release() {
        return parts.handed(released());
    }

    @Override
    public synchronized boolean isGivenUp() {
        return release != null;
    }

    @Override
    public void close() {
        try {
            released().get();
        } catch (InterruptedException e) {
            // The release is under way; who is interrupted need not wait for it.
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LockLostException lost ? lost : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void onLoss(Consumer<LockLostException> listener) {
        listeners.onLoss(listener);
    }

    @Override
    public void onRisk(Consumer<Lease> listener) {
        listeners.onRisk(listener);
    }

    /** What the release completes, on any thread. */
    CompletableFuture<Void> released() {
        ended(parts.ticker().nanos(), keeper::failure);
        CompletableFuture<Void> result;
        LeaseTerm last;
        LockLostException before;
        synchronized (this) {
            if (release != null) {
                return release;
            }
            result = release = new CompletableFuture<>();
            last = term;
            before = loss;
            state = before == null ? LeaseState.RELEASED : state;
        }
        keeper.stop(new LockLostException(parts.table().name(), key(), Reason.NOT_HELD, null, null));
        parts.leases().released(this);
        settle(before, last, result);
        return result;
    }

    /** A lock that others have is not released; one that ran out is, so that nobody needs to wait, but that repairs nothing. */
    private void settle(@Nullable LockLostException before, LeaseTerm last, CompletableFuture<Void> result) {
        if (before != null) {
            result.completeExceptionally(before);
        }
        if (state() == LeaseState.LOST) {
            return;
        }
        var unused = ReleaseLoop.of(parts, claim, last).whenComplete((done, error) -> {
            if (error == null) {
                result.complete(null);
            } else {
                note(error);
                result.completeExceptionally(error);
            }
        });
    }

    private synchronized void note(Throwable error) {
        if (loss == null && error instanceof LockLostException lost) {
            state = lost.reason() == Reason.TAKEN ? LeaseState.LOST : LeaseState.EXPIRED;
            loss = lost;
        }
    }

    /** Why the last renewal was not confirmed; null if it was. */
    @Nullable
    Throwable failure() {
        return keeper.failure();
    }

    /** The stretch that is confirmed. */
    synchronized LeaseTerm term() {
        return term;
    }

    synchronized boolean atRisk() {
        return state == LeaseState.AT_RISK;
    }

    /**
     * A renewal was confirmed.
     *
     * @return false if it comes too late
     */
    synchronized boolean confirmed(LeaseTerm next, long newUntil) {
        if (state.ended() || term.over(parts.ticker().nanos())) {
            return false;
        }
        term = next;
        until = newUntil;
        state = LeaseState.HELD;
        return true;
    }

    /** Tells the listeners if it is at risk from now on. */
    void look(long now) {
        synchronized (this) {
            if (state != LeaseState.HELD || !term.atRisk(now)) {
                return;
            }
            state = LeaseState.AT_RISK;
        }
        listeners.atRisk(this);
    }

    /**
     * Ends the lease if its deadline has passed.
     *
     * @param failure asked why it was not renewed; null if it was not tried, or not tried in time
     * @return whether it has ended, now or before
     */
    boolean ended(long now, Supplier<@Nullable Throwable> failure) {
        synchronized (this) {
            if (state.ended() || !term.over(now)) {
                return state.ended();
            }
        }
        Throwable why = failure.get();
        end(LeaseState.EXPIRED, why == null ? Reason.EXPIRED : Reason.OUT_OF_REACH, null, why);
        return true;
    }

    /** Somebody else has taken or removed the lock. */
    void taken(@Nullable String by) {
        end(LeaseState.LOST, Reason.TAKEN, by, null);
    }

    private void end(LeaseState how, Reason reason, @Nullable String by, @Nullable Throwable failure) {
        LockLostException lost = new LockLostException(parts.table().name(), key(), reason, by, failure);
        synchronized (this) {
            if (state.ended()) {
                return;
            }
            state = how;
            loss = lost;
        }
        keeper.stop(lost);
        parts.leases().lost(this);
        listeners.lost(lost);
    }

    @Override
    public String toString() {
        return "Lease" + key() + " " + state() + " owner " + Key.shown(owner()) + " token " + token();
    }
}
