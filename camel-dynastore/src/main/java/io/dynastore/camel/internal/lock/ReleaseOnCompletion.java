/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import io.dynastore.lease.Lease;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
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
record ReleaseOnCompletion(Lease lease, OperationMetrics unlocks) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreProducer");

    void attach(Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release();
            }

            @Override
            public boolean allowHandover() {
                return true;
            }
        });
    }

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
