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
 * Releases a lock when the unit of work is done that it was acquired in, wherever that has moved; not waited for. One that a route
 * has unlocked is left alone, even if it was lost before: the unlock has told so. Another one that was lost is told of.
 *
 * @param lease the lock's
 * @param unlocks where the release is counted
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
