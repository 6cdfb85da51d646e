/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A stream that ends with its exchange.
 *
 * <p>Also as soon as the exchange has failed: Camel's split with stopOnException reads its iterator to the end before it gives up,
 * to release what it thinks it has made of the items, and only then are the exchange's completions told.
 */
public final class ExchangeItemStream extends SynchronizationAdapter implements ItemStream {

    private final ItemStream items;

    /** Another one after a hand-over, to seda for example. */
    private volatile Exchange exchange;

    /** What hasNext() promised, kept so that a close from another thread can't break the promise. */
    private @Nullable Item taken;

    private ExchangeItemStream(Exchange exchange, ItemStream items) {
        this.exchange = exchange;
        this.items = items;
    }

    public static ItemStream of(Exchange exchange, ItemStream items) {
        ExchangeItemStream stream = new ExchangeItemStream(exchange, items);
        exchange.getExchangeExtension().addOnCompletion(stream);
        return stream;
    }

    @Override
    public void beforeHandover(Exchange target) {
        exchange = target;
    }

    @Override
    public void onDone(Exchange done) {
        close();
    }

    @Override
    public boolean hasNext() {
        if (exchange.getException() != null) {
            close();
            return false;
        }
        if (taken != null) {
            return true;
        }
        try {
            taken = items.hasNext() ? items.next() : null;
            return taken != null;
        } catch (DynaStoreException e) {
            if (exchange.getException() != null) {
                // A parallel split failed meanwhile: that is what the exchange has to tell, not that its stream is
                // closed.
                return false;
            }
            throw e;
        }
    }

    @Override
    public Item next() {
        Item item = taken;
        taken = null;
        return item != null ? item : items.next();
    }

    @Override
    public void close() {
        items.close();
    }

    @Override
    public String toString() {
        return items.toString();
    }
}
