/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import io.dynastore.lease.Lease;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SynchronizationVetoable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases a lock when the unit of work is done in which it was acquired, wherever that has moved. Nothing waits for
 * the release. If a route has unlocked the lock, nothing is done: if it was lost, the unlock has reported that. If it
 * was lost otherwise, that is logged.
 *
 * @param lease the lease of the lock
 * @param unlocks counts the release
 */
record ReleaseOnCompletion(Lease lease, OperationMetrics unlocks) implements SynchronizationVetoable {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreProducer");

    /** The lock is released when this exchange ends. */
    void attach(Exchange exchange) {
        if (!isAttached(exchange)) {
            exchange.getExchangeExtension().addOnCompletion(this);
        }
    }

    /** Whether the lock is released when this exchange ends. */
    boolean isAttached(Exchange exchange) {
        return exchange.getExchangeExtension().containsOnCompletion(this);
    }

    /** The lock was released before the end of the exchange, which may be far: it may lock in a loop. */
    void detach(Exchange exchange) {
        if (exchange.getUnitOfWork() != null && isAttached(exchange)) {
            exchange.getUnitOfWork().removeSynchronization(this);
        }
    }

    @Override
    public void onComplete(Exchange exchange) {
        release();
    }

    @Override
    public void onFailure(Exchange exchange) {
        release();
    }

    @Override
    public boolean allowHandover() {
        return true;
    }

    @Override
    public void beforeHandover(Exchange target) {}

    private void release() {
        if (lease.isGivenUp()) {
            return;
        }
        long began = System.nanoTime();
        CompletableFuture<?> unused = lease.release().whenComplete((released, error) -> {
            unlocks.ended(began, error);
            if (error != null) {
                LOG.warn("At the end of the exchange: {}", error.getMessage());
            }
        });
    }
}
