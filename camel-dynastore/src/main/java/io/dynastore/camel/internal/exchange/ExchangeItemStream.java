/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is closed when its exchange completes.
 *
 * <p>It also ends as soon as the exchange has failed, an error handler has handled its failure, or it is to stop or to
 * roll back. Camel's split with stopOnException reads its iterator to the end before it gives up, and notifies the
 * completions only afterwards. A split that gives up for another reason, as at its time-out, does the same without a
 * mark on the exchange: see {@link SplitDrain}. Iterate on one thread at a time; any thread may close.
 *
 * <p>Decision 10 in docs/decisions has the reasons.
 */
public final class ExchangeItemStream extends SynchronizationAdapter implements ItemStream {

    private final ItemStream items;

    /** Whether the exchange was marked before the list: then the mark says nothing about the iteration. */
    private final boolean markedBefore;

    /** Changes with a hand-over, to seda for example. */
    private volatile Exchange exchange;

    /** Whether the unit of work still has this, to close it. */
    private boolean held = true;

    private final SplitDrain drain = new SplitDrain();

    /** The item that hasNext() has promised: a close on another thread can't take it back. */
    private @Nullable Item promised;

    private ExchangeItemStream(Exchange exchange, ItemStream items) {
        this.exchange = exchange;
        this.items = items;
        this.markedBefore = marked(exchange);
    }

    /** Wraps a stream, and closes it with the exchange. */
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
        items.close();
    }

    @Override
    public boolean hasNext() {
        drain.look();
        if (hasStopped()) {
            close();
            return false;
        }
        if (promised != null) {
            return true;
        }
        try {
            promised = items.hasNext() ? items.next() : null;
            if (promised == null) {
                letGo();
            }
            return promised != null;
        } catch (DynaStoreException e) {
            if (hasStopped()) {
                // A parallel split failed in between: the exchange reports that error, not that its stream is closed.
                return false;
            }
            throw e;
        }
    }

    /** Whether no step of the exchange follows. */
    private boolean hasStopped() {
        Exchange current = exchange;
        return current.getException() != null || (!markedBefore && marked(current)) || drain.hasBegun();
    }

    private static boolean marked(Exchange exchange) {
        return exchange.isRouteStop()
                || exchange.isRollbackOnly()
                || exchange.isRollbackOnlyLast()
                || (exchange.getExchangeExtension().isErrorHandlerHandledSet()
                        && exchange.getExchangeExtension().isErrorHandlerHandled());
    }

    @Override
    public Item next() {
        Item item = promised;
        promised = null;
        return item != null ? item : items.next();
    }

    @Override
    public void close() {
        items.close();
        letGo();
    }

    /** The exchange may be long: it may read lists in a loop. */
    private synchronized void letGo() {
        UnitOfWork unit = exchange.getUnitOfWork();
        if (held && unit != null) {
            held = false;
            unit.removeSynchronization(this);
        }
    }

    @Override
    public String toString() {
        return items.toString();
    }
}
