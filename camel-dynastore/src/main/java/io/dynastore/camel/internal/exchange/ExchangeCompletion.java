/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;

/**
 * The completion of an item's exchange. It completes with the exchange's unit of work, also if that was handed over,
 * as to seda.
 *
 * <p>Decision 13 in docs/decisions has the reasons.
 *
 * @param ended completes with null if the exchange succeeded, else with its error
 */
public record ExchangeCompletion(CompletableFuture<@Nullable Throwable> ended) implements Synchronization {

    /** The completion of an exchange that has not been processed yet. */
    public static ExchangeCompletion of(Exchange exchange) {
        ExchangeCompletion completion = new ExchangeCompletion(new CompletableFuture<>());
        exchange.getExchangeExtension().addOnCompletion(completion);
        return completion;
    }

    /** Camel reports an exchange that is marked for rollback as complete; here it has failed. */
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

    /**
     * Fails the completion if the route rejected the exchange before it had a unit of work. A route that is stopped
     * by force does so, and no unit of work ever completes.
     */
    public void rejected(Exchange exchange) {
        if (exchange.getException() != null && exchange.getExchangeExtension().containsOnCompletion(this)) {
            onFailure(exchange);
        }
    }
}
