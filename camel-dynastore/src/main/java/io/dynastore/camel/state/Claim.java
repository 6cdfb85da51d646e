/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A key in flight: what one add has claimed, until it is confirmed, removed or lost.
 *
 * <p>The claim of an exchange is a completion of that exchange. So it moves with the exchange's unit of work, ends with
 * it, and can be collected together with an exchange that never ends. It runs last, when the caller of the repository
 * has had its chance to confirm or remove.
 */
final class Claim extends SynchronizationAdapter {

    private final String key;
    private final Key place;
    private final String holder;
    private final Consumer<Claim> exchangeEnded;
    private volatile long renewed;
    private volatile long tried;
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile @Nullable StoredResult result;

    /**
     * A claim that was just made.
     *
     * @param holder the id of its add
     * @param sent when the add was sent, by the ticker
     * @param exchangeEnded is told when the exchange has ended
     */
    Claim(String key, Key place, String holder, long sent, Consumer<Claim> exchangeEnded) {
        this.key = key;
        this.place = place;
        this.holder = holder;
        this.renewed = sent;
        this.tried = sent;
        this.exchangeEnded = exchangeEnded;
    }

    String key() {
        return key;
    }

    Key place() {
        return place;
    }

    String holder() {
        return holder;
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

    /** Whether this is the first call. */
    boolean reportOnce() {
        return reported.compareAndSet(false, true);
    }

    /** What its confirm stores; null: nothing. */
    @Nullable
    StoredResult result() {
        return result;
    }

    void confirmWith(StoredResult outcome) {
        result = outcome;
    }

    @Override
    public void onDone(Exchange exchange) {
        exchangeEnded.accept(this);
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST;
    }
}
