/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * What an exchange has claimed, and the renewals of its lease.
 *
 * <p>The claim is a completion of that exchange. So it moves with the exchange's unit of work, ends with it, and can be
 * collected together with an exchange that never ends. It runs last, when Camel has had its chance to confirm.
 */
abstract class RenewedClaim extends SynchronizationAdapter {

    private final String holder;
    private final long made;
    private volatile long renewed;
    private volatile long tried;

    /**
     * A claim that is made now.
     *
     * @param holder the id of the write that made it
     * @param sent when that write was sent, by the ticker
     */
    RenewedClaim(String holder, long sent) {
        this.holder = holder;
        this.made = sent;
        this.renewed = sent;
        this.tried = sent;
    }

    String holder() {
        return holder;
    }

    /**
     * How long ago the oldest of these claims was made.
     *
     * @param now by the ticker
     * @return milliseconds; 0 if nobody refers to any of them
     */
    static long oldestMillis(Collection<? extends WeakReference<? extends RenewedClaim>> claims, long now) {
        long oldest = 0;
        for (WeakReference<? extends RenewedClaim> reference : claims) {
            RenewedClaim claim = reference.get();
            oldest = claim == null ? oldest : Math.max(oldest, now - claim.made);
        }
        return TimeUnit.NANOSECONDS.toMillis(oldest);
    }

    /** When the lease was last renewed, by the ticker. */
    long renewed() {
        return renewed;
    }

    /** When a renewal was last sent, by the ticker. */
    long tried() {
        return tried;
    }

    void trying(long now) {
        tried = now;
    }

    void renewedAt(long sent) {
        renewed = sent;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST;
    }
}
