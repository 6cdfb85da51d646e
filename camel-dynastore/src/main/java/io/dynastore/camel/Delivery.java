/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;

/**
 * The end of an item's exchange: of its unit of work, wherever that has moved, as with seda.
 *
 * @param ended completes with null if the exchange succeeded, else with its error
 */
record Delivery(CompletableFuture<@Nullable Throwable> ended) implements Synchronization {

    Delivery() {
        this(new CompletableFuture<>());
    }

    @Override
    public void onComplete(Exchange exchange) {
        ended.complete(null);
    }

    @Override
    public void onFailure(Exchange exchange) {
        Throwable error = exchange.getException();
        ended.complete(error != null ? error : new IllegalStateException("The exchange was rolled back."));
    }
}
