/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.ClaimCounters;
import java.util.concurrent.atomic.LongAdder;

/** Counts the deliveries of a consumer and their results. Thread safe. */
public final class ConsumerCounters {

    private final LongAdder delivered = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder kept = new LongAdder();

    private final ClaimCounters claims = new ClaimCounters();

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

    /** Adds what another consumer has counted. */
    public void add(ConsumerCounters other) {
        delivered.add(other.deliveredTotal());
        succeeded.add(other.succeededTotal());
        failed.add(other.failedTotal());
        kept.add(other.keptTotal());
        claims.add(other.claims);
    }

    /** What claims are counted by. */
    public ClaimCounters claims() {
        return claims;
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
