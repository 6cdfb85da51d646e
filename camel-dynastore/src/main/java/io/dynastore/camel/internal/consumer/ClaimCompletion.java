/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.camel.internal.message.DurationParser;
import io.dynastore.camel.internal.message.HeaderConversion;
import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The completion of a claimed item's exchange, with what the route says about the item by headers. */
final class ClaimCompletion implements Synchronization {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private static final Duration LONGEST_DELAY = Duration.ofDays(365_250);

    private final ExchangeCompletion completion = new ExchangeCompletion(new CompletableFuture<>());
    private volatile boolean rejected;
    private volatile @Nullable Duration retryDelay;

    private ClaimCompletion() {}

    /** The completion of an exchange that has not been processed yet. */
    static ClaimCompletion of(Exchange exchange) {
        ClaimCompletion claim = new ClaimCompletion();
        exchange.getExchangeExtension().addOnCompletion(claim);
        return claim;
    }

    @Override
    public void onComplete(Exchange exchange) {
        try {
            read(exchange);
        } finally {
            completion.onComplete(exchange);
        }
    }

    @Override
    public void onFailure(Exchange exchange) {
        try {
            read(exchange);
        } finally {
            completion.onFailure(exchange);
        }
    }

    /** A header that can't be read is as if it were not there: the item must be settled in any case. */
    private void read(Exchange exchange) {
        try {
            Object reject = exchange.getMessage().getHeader(DynaStoreConstants.REJECT);
            rejected = reject != null
                    && HeaderConversion.convert(
                            exchange.getContext(), DynaStoreConstants.REJECT, reject, Boolean.class);
            Object delay = exchange.getMessage().getHeader(DynaStoreConstants.RETRY_DELAY);
            if (delay != null) {
                Duration read = DurationParser.read("The header " + DynaStoreConstants.RETRY_DELAY, delay);
                if (read.compareTo(LONGEST_DELAY) > 0) {
                    throw new InvalidInputException("The header " + DynaStoreConstants.RETRY_DELAY
                            + " is longer than a thousand years: set it to less, or reject the item.");
                }
                retryDelay = read.isNegative() ? Duration.ZERO : read;
            }
        } catch (InvalidInputException e) {
            LOG.warn("A claimed item is settled without a header of its exchange. {}", e.getMessage());
        }
    }

    /** Fails the completion if the route rejected the exchange before it had a unit of work. */
    void refused(Exchange exchange) {
        if (exchange.getException() != null && exchange.getExchangeExtension().containsOnCompletion(this)) {
            onFailure(exchange);
        }
    }

    /** Completes with null if the exchange succeeded, else with its error. */
    CompletableFuture<@Nullable Throwable> ended() {
        return completion.ended();
    }

    /** Whether the item is dead at once. */
    boolean rejected() {
        return rejected;
    }

    /** This failure's own delay; null if the route has named none. */
    @Nullable
    Duration retryDelay() {
        return retryDelay;
    }
}
