/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.exchange.DeliveredItem;
import io.dynastore.queue.ClaimEnd;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Failures;
import io.dynastore.store.UnreadableItemException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers claimed items, and settles them when their exchanges end. Thread safe. */
final class ClaimDelivery {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private final ConsumerContext context;
    private final DefaultConsumer consumer;
    private final ItemFailureReports reports;
    private final Map<Object, CompletableFuture<?>> settling = new ConcurrentHashMap<>();

    ClaimDelivery(ConsumerContext context, DefaultConsumer consumer) {
        this.context = context;
        this.consumer = consumer;
        this.reports = new ItemFailureReports(context, consumer);
    }

    /** Delivers an item. Completes when it is settled. */
    CompletableFuture<ClaimEnd> deliver(HeldClaim claim) {
        ConsumedItem item = item(claim);
        // Inside of a stage, so that the item is settled whatever is thrown.
        return CompletableFuture.completedFuture(item)
                .thenCompose(one -> process(claim, one))
                .exceptionally(error -> new Result(Failures.cause(error), null))
                .thenCompose(result -> tracked(settle(claim, item, result)));
    }

    /** Frees an item that no route has seen. */
    CompletableFuture<ClaimEnd> giveBack(HeldClaim claim) {
        return tracked(claim.giveBack());
    }

    /** What an exchange has come to; without a completion if there was no exchange. */
    private record Result(
            @Nullable Throwable error, @Nullable ClaimCompletion completion) {}

    private ConsumedItem item(HeldClaim claim) {
        try {
            return new ConsumedItem(new DeliveredItem(context.location(), claim.item()), null);
        } catch (UnreadableItemException e) {
            return new ConsumedItem(new DeliveredItem(context.location(), claim.unreadable()), e);
        }
    }

    private CompletableFuture<Result> process(HeldClaim claim, ConsumedItem item) {
        if (item.error() != null && !reports.bridged()) {
            return CompletableFuture.completedFuture(new Result(item.error(), null));
        }
        context.counters().delivered();
        Exchange exchange = consumer.createExchange(true);
        context.fill(exchange, item);
        Message message = exchange.getMessage();
        message.setHeader(DynaStoreConstants.DELIVERY_COUNT, claim.deliveries());
        message.setHeader(DynaStoreConstants.FENCING_TOKEN, claim.token());
        if (item.error() != null) {
            ItemFailureReports.bridge(exchange, item.error());
        }
        ClaimCompletion completion = ClaimCompletion.of(exchange);
        consumer.getAsyncProcessor().process(exchange, doneSync -> completion.refused(exchange));
        return completion
                .ended()
                .thenApply(error -> new Result(error == null ? reports.unhandled(exchange, item) : error, completion));
    }

    private CompletableFuture<ClaimEnd> settle(HeldClaim claim, ConsumedItem item, Result result) {
        Throwable error = result.error();
        ClaimCompletion completion = result.completion();
        boolean rejected = completion != null && completion.rejected();
        if (error != null) {
            reports.failed(item, error);
        }
        CompletableFuture<ClaimEnd> end = error == null && !rejected
                ? claim.done(item.delivered().version())
                : claim.failed(
                        error == null ? "no error" : error.getClass().getName(),
                        rejected,
                        completion == null ? null : completion.retryDelay());
        return end.whenComplete((how, failure) -> report(item, error, how, failure));
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
