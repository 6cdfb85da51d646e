/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all locks of one {@link Locks} share.
 *
 * @param client sends the requests
 * @param ticker tells when to give up
 * @param timer wakes leases up
 * @param executor runs users' code, and completes the futures that they hold
 * @param random spreads what must not happen at the same time
 * @param observations the held locks that were met
 * @param leases those that are held here
 */
record LockContext(
        LockClient client,
        Ticker ticker,
        LeaseTimer timer,
        Executor executor,
        RandomGenerator random,
        Observations observations,
        HeldLeases leases) {

    ClockReading now() {
        return client.clock().now();
    }

    /** A future for users, completed where their code may run. */
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
