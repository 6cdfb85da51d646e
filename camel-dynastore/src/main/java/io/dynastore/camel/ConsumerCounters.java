/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.atomic.LongAdder;

/** What became of the items that a consumer has delivered. Thread safe. */
final class ConsumerCounters {

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

    void failed() {
        failed.increment();
    }

    void kept() {
        kept.increment();
    }

    long deliveredTotal() {
        return delivered.sum();
    }

    long succeededTotal() {
        return succeeded.sum();
    }

    long failedTotal() {
        return failed.sum();
    }

    long keptTotal() {
        return kept.sum();
    }
}
