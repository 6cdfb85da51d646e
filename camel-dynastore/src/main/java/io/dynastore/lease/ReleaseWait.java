/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wait for the release of a lease that is closed. */
final class ReleaseWait {

    private static final Logger LOG = LoggerFactory.getLogger(Locks.class);

    /** A release is sent again while the lease lasts, and that may be a day. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private ReleaseWait() {}

    /**
     * Waits until the lease is released, at most for half a minute.
     *
     * @throws LockLostException if the lease was lost before
     */
    static void await(Lease lease, CompletableFuture<Void> released) {
        try {
            released.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The release is in flight. An interrupted thread need not wait for it.
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("{} is not released yet. It is released later, or expires.", lease);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LockLostException lost ? lost : new IllegalStateException(e.getCause());
        }
    }
}
