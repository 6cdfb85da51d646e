/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The state and the collaborators that all locks of one {@link Locks} share.
 *
 * @param client sends the requests
 * @param ticker measures the leases that are held here
 * @param timer wakes leases up
 * @param executor runs listeners, and completes the futures of callers
 * @param random spreads what must not happen at the same time
 * @param observations the held locks that responses have shown
 * @param leases the leases that are held here
 */
record LockContext(
        LockClient client,
        Ticker ticker,
        LeaseTimer timer,
        Executor executor,
        RandomGenerator random,
        Observations observations,
        HeldLeases leases) {

    /** With nothing observed and nothing held yet. */
    LockContext(LockClient client, Ticker ticker, LeaseTimer timer, Executor executor, RandomGenerator random) {
        this(client, ticker, timer, executor, random, new Observations(), new HeldLeases());
    }

    ClockReading now() {
        return client.clock().now();
    }

    /** A future for a caller, which completes on the executor. */
    <T> CompletableFuture<T> handed(CompletableFuture<T> inner) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        var unused = inner.whenComplete((value, error) -> LeaseThreads.hand(executor, () -> {
            if (error == null) {
                outer.complete(value);
            } else {
                outer.completeExceptionally(error);
            }
        }));
        return outer;
    }
}
