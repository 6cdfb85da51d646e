/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.ClaimEnd;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Delivers claimed items, and settles them when their exchanges end. Thread safe. */
final class ClaimDelivery {

    private final DefaultConsumer consumer;
    private final ItemFailureReports reports;
    private final ClaimSettlement settlement;

    ClaimDelivery(ConsumerContext context, DefaultConsumer consumer) {
        this.consumer = consumer;
        this.reports = new ItemFailureReports(context, consumer);
        this.settlement = new ClaimSettlement(context);
    }

    /** Delivers an item. Completes when it is settled. */
    CompletableFuture<ClaimEnd> deliver(HeldClaim claim) {
        ConsumedItem item;
        try {
            item = settlement.item(claim);
        } catch (RuntimeException | Error e) {
            // Not even the error of reading it can be delivered.
            return claim.failed(e.getClass().getName(), false, null);
        }
        // Inside of a stage, so that the item is settled whatever is thrown.
        return CompletableFuture.completedFuture(item)
                .thenCompose(one -> process(claim, one))
                .exceptionally(error -> new Result(Failures.cause(error), null))
                .thenCompose(result -> settle(claim, item, result));
    }

    /** Frees an item that no route has seen. */
    CompletableFuture<ClaimEnd> giveBack(HeldClaim claim) {
        return settlement.giveBack(claim);
    }

    /** What an exchange has come to; without a completion if there was no exchange. */
    private record Result(
            @Nullable Throwable error, @Nullable ClaimCompletion completion) {}

    private CompletableFuture<Result> process(HeldClaim claim, ConsumedItem item) {
        if (item.error() != null && !reports.bridged()) {
            return CompletableFuture.completedFuture(new Result(item.error(), null));
        }
        Exchange exchange = consumer.createExchange(true);
        settlement.fill(exchange, claim, item);
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
        if (result.error() != null) {
            reports.failed(item, result.error());
        }
        return settlement.settle(claim, item, result.error(), result.completion());
    }

    /** Waits until the items whose exchanges have ended are settled, but not longer than this. */
    void awaitSettled(long time, TimeUnit unit) {
        settlement.awaitSettled(time, unit);
    }
}
