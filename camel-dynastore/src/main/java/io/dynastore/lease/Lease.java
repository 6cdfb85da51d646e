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
 * A lock that was acquired, until it is released, lost or expired.
 *
 * <p>Guaranteed: {@link #isHeld} is never true after the deadline that the store confirmed, counted on this JVM's
 * monotonic clock. The token is larger than that of every earlier holder of the lock.
 *
 * <p>Not guaranteed: a process may stand still between {@link #isHeld} and the action that follows, because of a long
 * garbage collection or a suspended machine. Then it acts too late. To exclude that, pass {@link #token} to the
 * protected resource, and let it refuse older tokens.
 *
 * <p>Thread safe. Futures and listeners run on the executor of {@link Locks}.
 */
public interface Lease extends AutoCloseable {

    /** The lock. */
    Key key();

    /** The owner, as the request names it. */
    String owner();

    /** The fencing token: larger than that of every earlier holder. */
    long token();

    /** The lock's data: those of the request, or those that an earlier holder left. */
    @Nullable
    Object data();

    /** The state of the lease now. */
    LeaseState state();

    /** Whether the lock is held: the lease has not ended, and its deadline has not passed. */
    boolean isHeld();

    /** The time to the deadline; zero if the lock is not held. */
    Duration remaining();

    /** The end of the lease as others see it in the table. */
    Instant expires();

    /** Why the lease ended, unless it was released. */
    Optional<LockLostException> loss();

    /**
     * Extends the lease by its whole length from now.
     *
     * @return completes with the new end when the store has confirmed it; fails with {@link LockLostException} if the
     *     lock is lost before. A failed request is sent again until the deadline
     */
    CompletableFuture<Instant> renew();

    /**
     * Releases the lock. It is not held from the call on. May be called more than once.
     *
     * @return completes when the lock is free; fails with {@link LockLostException} if it was lost before, or if the
     *     store was out of reach until the deadline of the lease
     */
    CompletableFuture<Void> release();

    /** Whether {@link #release} or {@link #close} was called, whatever the result. */
    boolean isGivenUp();

    /** Calls the listener once when the lock is lost, or at once if it was lost before. Not after a release. */
    void onLoss(Consumer<LockLostException> listener);

    /** Calls the listener each time that the lease becomes {@link LeaseState#AT_RISK} from now on. */
    void onRisk(Consumer<Lease> listener);

    /**
     * Releases the lock and waits for it.
     *
     * @throws LockLostException as {@link #release} fails
     */
    @Override
    void close();
}
