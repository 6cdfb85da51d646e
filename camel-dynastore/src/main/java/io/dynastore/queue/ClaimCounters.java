/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.concurrent.atomic.LongAdder;

/** Counts the claims of a consumer. Thread safe. */
public final class ClaimCounters {

    private final LongAdder claimed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    void claimed() {
        claimed.increment();
    }

    void refused() {
        refused.increment();
    }

    /** Adds what another consumer has counted. */
    public void add(ClaimCounters other) {
        claimed.add(other.claimedTotal());
        refused.add(other.refusedTotal());
    }

    /** The number of items that were claimed. */
    public long claimedTotal() {
        return claimed.sum();
    }

    /** The number of claims that failed their condition: another consumer was faster, or the item has changed. */
    public long refusedTotal() {
        return refused.sum();
    }
}
