/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.PollingConsumerSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes one item at a time, for pollEnrich and consumer templates: nothing is read ahead, and nothing runs in between.
 *
 * <p>The calling thread waits for the service, as every polling consumer's does. The item is settled when the exchange that took it
 * ends, which is the one that pollEnrich works on.
 */
public class DynaStorePollingConsumer extends PollingConsumerSupport {

    private final DynaStoreEndpoint endpoint;

    public DynaStorePollingConsumer(DynaStoreEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public @Nullable Exchange receive() {
        return receive(-1);
    }

    /** Null if there is no item at the moment. */
    @Override
    public @Nullable Exchange receiveNoWait() {
        return receive(0);
    }

    /**
     * Looks until there is an item, in the endpoint's delay, or when one that others wait for is settled.
     *
     * @param timeout in milliseconds; no end if negative
     * @return null if there was none in time, or the consumer was stopped
     * @throws RuntimeException what the service or the store refuses, for the error handler of the route
     */
    @Override
    public @Nullable Exchange receive(long timeout) {
        long begun = System.nanoTime();
        try {
            Exchange exchange = endpoint.createExchange();
            while (isRunAllowed()) {
                if (endpoint.polled().take(exchange)) {
                    return exchange;
                }
                long left = (timeout < 0 ? Long.MAX_VALUE : timeout)
                        - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                if (left <= 0) {
                    return null;
                }
                endpoint.polled().awaitSettled(Math.min(left, Math.max(1, endpoint.getDelay())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
        return null;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.polled();
    }
}
