/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.consumer.ItemPoller;
import io.dynastore.camel.internal.consumer.Patience;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.message.OutcomeWriter;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.DynamicPollingConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.PollingConsumerSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes one item at a time, for pollEnrich and consumer templates. It reads nothing ahead and nothing between two
 * calls.
 *
 * <p>The calling thread waits for DynamoDB, as with every polling consumer. The item is settled when the exchange that
 * took it ends. With pollEnrich, that is the exchange of the route. An item that can't be read comes as a failed
 * exchange with its key headers, and so fails the exchange of the route.
 */
public class DynaStorePollingConsumer extends PollingConsumerSupport implements DynamicPollingConsumer {

    private final DynaStoreEndpoint endpoint;

    /** Kept here, as the endpoint may be stopped while this consumer is in use. */
    private volatile @Nullable ItemPoller poller;

    public DynaStorePollingConsumer(DynaStoreEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public @Nullable Exchange receive() {
        return receive(-1);
    }

    /** Takes an item; null if there is none at the moment. */
    @Override
    public @Nullable Exchange receiveNoWait() {
        return receive(0);
    }

    /** As {@link #receive(Exchange, long)}, for the exchange that is returned. */
    @Override
    public @Nullable Exchange receive(long timeout) {
        Exchange exchange = endpoint.createExchange();
        return receive(exchange, exchange, timeout);
    }

    @Override
    public @Nullable Exchange receive(Exchange owner) {
        return receive(owner, -1);
    }

    @Override
    public @Nullable Exchange receiveNoWait(Exchange owner) {
        return receive(owner, 0);
    }

    /**
     * Takes an item. If there is none, it looks again after the endpoint's delay, or earlier if an item is settled.
     *
     * @param owner the exchange that the item is for; it settles the item at its end
     * @param timeout in milliseconds; no limit if negative; if 0, it looks once
     * @return null if no item was found in time
     * @throws RejectedExecutionException if this consumer or the context stops first
     * @throws RuntimeException an error of DynamoDB or the store, for the error handler of the route
     */
    @Override
    public @Nullable Exchange receive(Exchange owner, long timeout) {
        return takenIn(owner, receive(endpoint.createExchange(), owner, timeout));
    }

    private @Nullable Exchange receive(Exchange exchange, Exchange owner, long timeout) {
        ItemPoller items = poller;
        Patience patience = new Patience(timeout, this::mayWait);
        try {
            while (items != null && patience.runAllowed()) {
                if (items.take(exchange, owner, patience)) {
                    return exchange;
                }
                if (patience.left() <= 0) {
                    return null;
                }
                items.awaitSettled(Math.min(patience.left(), Math.max(1, endpoint.getDelay())), patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RuntimeCamelException.wrapRuntimeException(e);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
        throw new RejectedExecutionException(
                "Table " + endpoint.getConfiguration().getTableName()
                        + ": no item was taken, because the Camel context or the route stops. Send the exchange again"
                        + " after the next start.");
    }

    /** A stopping context waits for its exchanges, so that an exchange must not wait for an item meanwhile. */
    private boolean mayWait() {
        return isRunAllowed() && !endpoint.getCamelContext().isStopping();
    }

    /** The results of earlier operations must not stand beside those of this item. */
    private static @Nullable Exchange takenIn(Exchange owner, @Nullable Exchange item) {
        if (item != null) {
            OutcomeWriter.clear(owner.getMessage());
            ExchangeState.takeIn(owner, item);
        }
        return item;
    }

    /** Makes the poller now, so that wrong options fail the start. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        poller = endpoint.poller();
    }
}
