/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.atomic.AtomicInteger;

/** The number of items that a poll may still deliver. Thread safe. */
final class ItemQuota {

    private final AtomicInteger remaining;

    /** A quota of this many items; no limit if 0 or less. */
    ItemQuota(int limit) {
        remaining = new AtomicInteger(limit > 0 ? limit : Integer.MAX_VALUE);
    }

    /** Takes up to this number, and returns how many it took. */
    int take(int wanted) {
        return wanted - Math.max(0, wanted - remaining.getAndUpdate(now -> Math.max(0, now - wanted)));
    }

    /** Gives back what was not used. */
    void giveBack(int unused) {
        remaining.updateAndGet(now -> now > Integer.MAX_VALUE - unused ? Integer.MAX_VALUE : now + unused);
    }

    int remaining() {
        return remaining.get();
    }
}
