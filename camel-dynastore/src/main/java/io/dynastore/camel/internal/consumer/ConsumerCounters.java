/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.atomic.LongAdder;

/** What became of the items that a consumer has delivered. Thread safe. */
public final class ConsumerCounters {

    private final LongAdder delivered = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder kept = new LongAdder();

    void delivered() {
        delivered.increment();
    }

    void succeeded() {
        succeeded.increment();
    }

    public void failed() {
        failed.increment();
    }

    void kept() {
        kept.increment();
    }

    public long deliveredTotal() {
        return delivered.sum();
    }

    public long succeededTotal() {
        return succeeded.sum();
    }

    public long failedTotal() {
        return failed.sum();
    }

    public long keptTotal() {
        return kept.sum();
    }
}
