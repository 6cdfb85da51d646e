/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.atomic.AtomicInteger;

/** How many items a poll may still deliver. Thread safe. */
public final class ItemQuota {

    private final AtomicInteger left;

    /** A budget of so many items; no limit if 0 or less. */
    public ItemQuota(int most) {
        left = new AtomicInteger(most > 0 ? most : Integer.MAX_VALUE);
    }

    /** Takes up to this number. */
    int take(int wanted) {
        return wanted - Math.max(0, wanted - left.getAndUpdate(now -> Math.max(0, now - wanted)));
    }

    /** Gives back what was not used. */
    void giveBack(int unused) {
        left.updateAndGet(now -> now > Integer.MAX_VALUE - unused ? Integer.MAX_VALUE : now + unused);
    }

    int left() {
        return left.get();
    }
}
