/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A key in flight: what one add has claimed, until it is confirmed, removed or lost. */
final class Claim extends RenewedClaim {

    private final String key;
    private final Key place;
    private final Consumer<Claim> exchangeEnded;
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
        super(holder, sent);
        this.key = key;
        this.place = place;
        this.exchangeEnded = exchangeEnded;
    }

    String key() {
        return key;
    }

    Key place() {
        return place;
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
}
