/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock that was acquired, until it is released, lost, or runs out.
 *
 * <p>What is guaranteed: {@link #isHeld} never says yes past the deadline that was confirmed by the store, counted on this JVM's
 * monotonic clock; the token is larger than that of every earlier holder of the lock. What is not: a process that stands still
 * (a long collection, a suspended machine) between asking {@link #isHeld} and acting on it acts too late. Whoever must exclude
 * that gives {@link #token} to what the lock protects, and has it refuse older ones.
 *
 * <p>Thread safe. Futures and listeners run on the executor of {@link Locks}.
 */
public interface Lease extends AutoCloseable {

    /** The lock. */
    Key key();

    /** Who holds it, in the words of the request. */
    String owner();

    /** The fencing token: larger than that of every earlier holder. */
    long token();

    /** The lock's data: that of the request, or what an earlier holder left. */
    @Nullable
    Object data();

    /** How the lease stands now. */
    LeaseState state();

    /** Whether the lock is held: it has not ended, and its deadline lies ahead. */
    boolean isHeld();

    /** The time to the deadline; zero if the lock is not held. */
    Duration remaining();

    /** The end of the lease as others see it in the table. */
    Instant expires();

    /** Why the lease ended, if not by its release. */
    Optional<LockLostException> loss();

    /**
     * Extends the lease by its whole length from now.
     *
     * @return completes with the new end when the store has confirmed it; fails with {@link LockLostException} if the lock is lost
     *     before. Tried again until the deadline
     */
    CompletableFuture<Instant> renew();

    /**
     * Gives the lock back. From the call on it is not held. May be called more than once.
     *
     * @return completes when the lock is free; fails with {@link LockLostException} if it was lost before, or if the store could not be
     *     reached until the lease's deadline
     */
    CompletableFuture<Void> release();

    /** Whether {@link #release} or {@link #close} was called, whatever has become of it. */
    boolean isGivenUp();

    /** Has the listener told when the lock is lost, once; at once if it was. Not after a release. */
    void onLoss(Consumer<LockLostException> listener);

    /** Has the listener told when the lease comes to be {@link LeaseState#AT_RISK}, each time that it does from now on. */
    void onRisk(Consumer<Lease> listener);

    /**
     * Releases the lock and waits for it.
     *
     * @throws LockLostException as {@link #release} fails
     */
    @Override
    void close();
}
