/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;

/**
 * The end of an item's exchange: of its unit of work, wherever that has moved, as with seda.
 *
 * @param ended completes with null if the exchange succeeded, else with its error
 */
public record ExchangeCompletion(CompletableFuture<@Nullable Throwable> ended) implements Synchronization {

    /** That of an exchange which has not begun yet. */
    public static ExchangeCompletion of(Exchange exchange) {
        ExchangeCompletion delivery = new ExchangeCompletion(new CompletableFuture<>());
        exchange.getExchangeExtension().addOnCompletion(delivery);
        return delivery;
    }

    /** An exchange that was to be rolled back has no error of its own. */
    @Override
    public void onComplete(Exchange exchange) {
        if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
            onFailure(exchange);
        } else {
            ended.complete(null);
        }
    }

    @Override
    public void onFailure(Exchange exchange) {
        Throwable error = exchange.getException();
        ended.complete(error != null ? error : new IllegalStateException("The exchange was marked for rollback."));
    }

    /** A route that is stopped by force refuses an exchange before it has a unit of work, which then never ends. */
    public void rejected(Exchange exchange) {
        if (exchange.getException() != null && exchange.getExchangeExtension().containsOnCompletion(this)) {
            onFailure(exchange);
        }
    }
}
