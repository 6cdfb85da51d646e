/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;

/** Counts down when all other completions of an exchange have run. */
final class Last extends SynchronizationAdapter {

    private final CountDownLatch latch;

    Last(CountDownLatch latch) {
        this.latch = latch;
    }

    @Override
    public void onDone(Exchange exchange) {
        latch.countDown();
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST;
    }
}
