/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.message.OutcomeWriter;
import java.util.concurrent.TimeUnit;
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
 * took it ends. With pollEnrich, that is the exchange of the route.
 */
public class DynaStorePollingConsumer extends PollingConsumerSupport implements DynamicPollingConsumer {

    private final DynaStoreEndpoint endpoint;

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

    /**
     * Takes an item. If there is none, it looks again after the endpoint's delay, or earlier if an item is settled.
     *
     * @param timeout in milliseconds; no limit if negative
     * @return null if no item was found in time, or the consumer was stopped
     * @throws RuntimeException an error of DynamoDB or the store, for the error handler of the route
     */
    @Override
    public @Nullable Exchange receive(long timeout) {
        long begun = System.nanoTime();
        try {
            Exchange exchange = endpoint.createExchange();
            while (isRunAllowed()) {
                if (endpoint.poller().take(exchange)) {
                    return exchange;
                }
                long left = (timeout < 0 ? Long.MAX_VALUE : timeout)
                        - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                if (left <= 0) {
                    return null;
                }
                endpoint.poller().awaitSettled(Math.min(left, Math.max(1, endpoint.getDelay())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
        return null;
    }

    /** As {@link #receive()}, for an exchange that takes the item in. */
    @Override
    public @Nullable Exchange receive(Exchange exchange) {
        return takenIn(exchange, receive());
    }

    /** As {@link #receiveNoWait()}, for an exchange that takes the item in. */
    @Override
    public @Nullable Exchange receiveNoWait(Exchange exchange) {
        return takenIn(exchange, receiveNoWait());
    }

    /** As {@link #receive(long)}, for an exchange that takes the item in. */
    @Override
    public @Nullable Exchange receive(Exchange exchange, long timeout) {
        return takenIn(exchange, receive(timeout));
    }

    /** The results of earlier operations must not stand beside those of this item. */
    private static @Nullable Exchange takenIn(Exchange exchange, @Nullable Exchange item) {
        if (item != null) {
            OutcomeWriter.clear(exchange.getMessage());
            ExchangeState.takeIn(exchange, item);
        }
        return item;
    }

    /** Makes the poller now, so that wrong options fail the start. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.poller();
    }
}
