/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.BridgeExceptionHandlerToErrorHandler;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the items of a consumer that were not processed.
 *
 * @param context what the consumer works with
 * @param consumer has the exception handler
 */
record ItemFailureReports(ConsumerContext context, DefaultConsumer consumer) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /**
     * An item was not processed. A bridged handler would report the error to the route's error handler, which has
     * already handled it.
     */
    void failed(ConsumedItem item, Throwable error) {
        context.counters().failed();
        String message = "Table " + context.location().table() + ", key " + item.key()
                + ": the item was not processed, and will be redelivered";
        if (bridged()) {
            LOG.warn(message, error);
            return;
        }
        try {
            report(message, item, error);
        } catch (RuntimeException | Error e) {
            // The next items are delivered all the same.
            LOG.error("The exception handler of the consumer has failed. " + message, e);
        }
    }

    private void report(String message, ConsumedItem item, Throwable error) {
        if (item.error() == null) {
            consumer.getExceptionHandler().handleException(message, error);
        } else {
            Exchange exchange = consumer.getEndpoint().createExchange();
            context.fill(exchange, item);
            consumer.getExceptionHandler().handleException(message, exchange, error);
        }
    }

    /** Whether errors go to the error handler of the route. */
    boolean bridged() {
        return consumer.getExceptionHandler() instanceof BridgeExceptionHandlerToErrorHandler;
    }

    /**
     * The error of an item that can't be read, unless the error handler of the route has handled it; null for other
     * items. A route that a dead letter channel calls may have an error handler of its own. Camel lets that one take
     * the mark of the bridge for a new failure, so that it runs no step, and yet ends the exchange as handled. Then the
     * failure is of that other route.
     */
    @Nullable
    Throwable unhandled(Exchange exchange, ConsumedItem item) {
        if (item.error() == null) {
            return null;
        }
        Object failedRoute = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID);
        return Objects.equals(consumer.getRouteId(), failedRoute) ? null : item.error();
    }

    /** Marks the exchange as Camel's own bridge does: the error handler begins with it, and redelivers nothing. */
    static void bridge(Exchange exchange, Throwable error) {
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, error);
        exchange.setProperty(ExchangePropertyKey.ERRORHANDLER_BRIDGE, true);
        exchange.getExchangeExtension().setRedeliveryExhausted(true);
    }
}
