/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.exchange.DeliveredItem;
import io.dynastore.queue.ClaimEnd;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Item;
import io.dynastore.store.UnreadableItemException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills exchanges with claimed items, and settles the items when their exchanges have ended. Thread safe. */
final class ClaimSettlement {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private final ConsumerContext context;
    private final Map<Object, CompletableFuture<?>> settling = new ConcurrentHashMap<>();

    ClaimSettlement(ConsumerContext context) {
        this.context = context;
    }

    /** The item of a claim as a consumer delivers it. */
    ConsumedItem item(HeldClaim claim) {
        try {
            return new ConsumedItem(delivered(claim.item()), null);
        } catch (UnreadableItemException e) {
            return new ConsumedItem(delivered(claim.unreadable()), e);
        }
    }

    private DeliveredItem delivered(Item item) {
        return new DeliveredItem(context.location(), item, context.options().selects());
    }

    /** Makes an item the message of a new exchange. */
    void fill(Exchange exchange, HeldClaim claim, ConsumedItem item) {
        context.counters().delivered();
        context.fill(exchange, item);
        Message message = exchange.getMessage();
        message.setHeader(DynaStoreConstants.DELIVERY_COUNT, claim.deliveries());
        message.setHeader(DynaStoreConstants.FENCING_TOKEN, claim.token());
    }

    /**
     * Settles an item.
     *
     * @param error of the exchange; null if it has succeeded
     * @param completion what the route says about the item; null if there was no exchange
     */
    CompletableFuture<ClaimEnd> settle(
            HeldClaim claim, ConsumedItem item, @Nullable Throwable error, @Nullable ClaimCompletion completion) {
        boolean rejected = completion != null && completion.rejected();
        CompletableFuture<ClaimEnd> end = error == null && !rejected
                ? claim.done(item.delivered().version())
                : claim.failed(
                        error == null ? "no error" : error.getClass().getName(),
                        rejected,
                        completion == null ? null : completion.retryDelay());
        return tracked(end.whenComplete((how, failure) -> report(item, error, how, failure)));
    }

    /** Frees an item that no route has seen. */
    CompletableFuture<ClaimEnd> giveBack(HeldClaim claim) {
        return tracked(claim.giveBack());
    }

    private void report(ConsumedItem item, @Nullable Throwable error, ClaimEnd how, @Nullable Throwable failure) {
        String place = "Table " + context.location().table() + ", key " + item.key();
        if (failure != null) {
            context.counters().failed();
            LOG.warn("{}: the end of the item could not be recorded, and it will be redelivered", place, failure);
            return;
        }
        switch (how) {
            case DELETED -> {
                if (error == null) {
                    context.counters().succeeded();
                }
            }
            case KEPT -> {
                LOG.debug("{}: the item was processed and is kept, because it has changed meanwhile", place);
                context.counters().kept();
            }
            case LOST -> {
                LOG.warn(
                        "{}: the claim ran out before the exchange ended, and another consumer has claimed the item",
                        place);
                if (error == null) {
                    context.counters().failed();
                }
            }
            case DEAD -> LOG.warn("{}: the item is dead", place);
            case FREED -> {}
        }
    }

    private CompletableFuture<ClaimEnd> tracked(CompletableFuture<ClaimEnd> end) {
        Object key = new Object();
        settling.put(key, end);
        CompletableFuture<?> unused = end.whenComplete((how, error) -> settling.remove(key));
        return end;
    }

    /** Waits until the items whose exchanges have ended are settled, but not longer than this. */
    void awaitSettled(long time, TimeUnit unit) {
        try {
            CompletableFuture.allOf(settling.values().toArray(CompletableFuture[]::new))
                    .get(time, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Not all items are settled at the stop. They are redelivered when their claims end.", e);
        }
    }
}
