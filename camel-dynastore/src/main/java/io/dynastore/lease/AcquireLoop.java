/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Failures;
import io.dynastore.store.LockNotAcquiredException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Acquires a lock, and waits for it until the request's time-out. It waits by reads, and writes only if the lock looks
 * free. One step runs at a time. Only {@link #abandon} may be called from any thread.
 */
abstract class AcquireLoop {

    final LockContext context;
    final LockTaker taker;
    private final WaitPolicy waitPolicy;
    private final CompletableFuture<HeldLease> result = new CompletableFuture<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean abandoned;
    private volatile LeaseTimer.@Nullable Wakeup wakeup;

    AcquireLoop(LockContext context, LockRequest request) {
        this.context = context;
        this.taker = new LockTaker(context);
        this.waitPolicy = WaitPolicy.of(request, context.ticker().nanos());
    }

    /** Takes the lock if it is free. The first look may write without a read. */
    abstract CompletableFuture<LockTaker.Result> look(boolean first);

    /** The error if the time is up. */
    abstract LockNotAcquiredException notAcquired(LockTaker.Result last);

    /** Starts the loop. The result completes on any thread. */
    CompletableFuture<HeldLease> begin() {
        step(true);
        return result;
    }

    CompletableFuture<HeldLease> result() {
        return result;
    }

    /**
     * Stops the loop. If a lock is taken all the same, it is released.
     *
     * @return completes when no request is in flight any more
     */
    CompletableFuture<Void> abandon(Throwable why) {
        abandoned = true;
        result.completeExceptionally(why);
        LeaseTimer.Wakeup set = wakeup;
        if (set != null) {
            set.cancel();
            idle.complete(null);
        }
        return idle;
    }

    private void step(boolean first) {
        wakeup = null;
        if (abandoned) {
            idle.complete(null);
            return;
        }
        CompletableFuture<LockTaker.Result> looked;
        try {
            looked = look(first);
        } catch (RuntimeException e) {
            looked = CompletableFuture.failedFuture(e);
        }
        var unused = looked.whenComplete((found, error) -> {
            if (error != null) {
                fail(Failures.cause(error));
            } else if (found instanceof LockTaker.Result.Taken taken) {
                succeed(taken.lease());
            } else {
                waitOrFail(found);
            }
        });
    }

    private void succeed(HeldLease lease) {
        if (result.complete(lease)) {
            idle.complete(null);
        } else {
            var unused = lease.released().whenComplete((done, error) -> idle.complete(null));
        }
    }

    private void fail(Throwable error) {
        result.completeExceptionally(error);
        idle.complete(null);
    }

    private void waitOrFail(LockTaker.Result found) {
        long now = context.ticker().nanos();
        if (waitPolicy.over(now)) {
            fail(error(found));
            return;
        }
        OptionalLong wait = found instanceof LockTaker.Result.Busy busy ? busy.untilFree() : OptionalLong.empty();
        long pause = waitPolicy.pause(now, wait, context.random());
        wakeup = context.timer().after(pause, () -> context.timer().send(() -> step(false)));
        if (abandoned) {
            var unused = abandon(new CompletionException(null));
        }
    }

    private Throwable error(LockTaker.Result found) {
        return found instanceof LockTaker.Result.OutOfReach lost
                        && lost.cause() instanceof SdkServiceException refused
                        && refused.statusCode() < 500
                ? refused
                : notAcquired(found);
    }
}
