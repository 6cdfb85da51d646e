/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the items of one partition in one poll. Items are delivered in order and at least once:
 *
 * <ol>
 *   <li>An item that can't be read fails as one whose exchange has failed.
 *   <li>An item is <em>done</em> if its exchange succeeded and, with onSuccess=delete, the item was deleted.
 *   <li>An item is delivered only after the exchange of the one before it has ended, and the item was acknowledged or
 *       has failed. So a partition has one item in flight, and its items are in order.
 *   <li>If the consumer is {@linkplain ConsumerOptions#ordered ordered}, the first item that is not done ends the task.
 *       The position stays in front of that item.
 *   <li>If it is not ordered, the task continues with the next item. The next cycle redelivers the failed one.
 *   <li>The position is saved behind the last passed item, at the end of each page and of the task. By 4, an ordered
 *       consumer has no item in front of its position that is not done. So no item is lost.
 *   <li>If an ordered consumer redelivers a done item, the position behind that item was not saved: the process
 *       crashed, the route was forced to stop, or DynamoDB was unreachable.
 *   <li>The next page is requested when the current one begins. So a partition has at most two pages in memory.
 * </ol>
 *
 * <p>Decision 13 in docs/decisions has the reasons.
 */
final class PartitionTask extends AsyncLoop {

    /** How a task has ended that did not fail. */
    enum Result {
        /** The cycle has reached the end of the partition, or an item that is not done. */
        COMPLETED,
        /** The partition has more items for the next poll. */
        INTERRUPTED
    }

    /** The poll that a task belongs to. */
    interface Poll {

        /** Whether another item may be delivered. */
        boolean mayDeliver();

        /** Whether another page may be read. */
        boolean mayRead();

        /** A page was read. */
        void pageRead();

        /** Delivers an item. Completes when its exchange has ended: with null, or with the error of the exchange. */
        CompletableFuture<@Nullable Throwable> deliver(ConsumedItem item, int index, int size);

        /** An item is done. */
        void done();

        /** No further item of the partition is delivered by this task. */
        default void left() {}

        /** An item is not done, because its exchange or its acknowledgement failed. */
        void failed(ConsumedItem item, Throwable error);
    }

    private final ConsumerContext context;
    private final Partition partition;
    private final ItemQuota quota;
    private final Poll poll;

    private boolean loaded;
    private @Nullable Result result;

    /** The token of the current page; between two pages, that of the next one. */
    private @Nullable String token;

    private Outcome.@Nullable Page page;
    private @Nullable CompletableFuture<Outcome.Page> nextPage;

    /** How many items of the page may be delivered. */
    private int allowed;

    /** The index of the next item of the page. All items before it have been passed. */
    private int index;

    private boolean unsaved;
    private boolean blocked;

    PartitionTask(ConsumerContext context, Partition partition, ItemQuota quota, Poll poll, Executor executor) {
        super(executor);
        this.context = context;
        this.partition = partition;
        this.quota = quota;
        this.poll = poll;
    }

    /** Starts it. The partition is left when it has ended, however that is. */
    CompletableFuture<Void> begin() {
        try {
            return start().whenComplete((done, error) -> poll.left());
        } catch (RuntimeException | Error e) {
            poll.left();
            throw e;
        }
    }

    /** How it has ended. */
    Result result() {
        return result == null ? Result.COMPLETED : result;
    }

    @Override
    @Nullable
    Step<?> next() {
        if (!loaded) {
            return new Step<>(context.positions().load(partition), this::beginBehind);
        }
        if (result != null) {
            return null;
        }
        if (page == null) {
            return new Step<>(nextPage == null ? read(token) : nextPage, this::enter);
        }
        if (!blocked && index < allowed && poll.mayDeliver()) {
            return new Step<>(
                    deliver(ConsumedItem.of(
                            context.location(), page, index, context.options().selects())),
                    this::advance);
        }
        return leave(page);
    }

    private void beginBehind(@Nullable String position) {
        token = position;
        loaded = true;
    }

    private CompletableFuture<Outcome.Page> read(@Nullable String from) {
        return context.page(partition, from, quota.remaining());
    }

    private void enter(Outcome.Page read) {
        poll.pageRead();
        page = read;
        index = 0;
        allowed = quota.take(read.items().size());
        // Or each cycle would read again what the filter leaves out.
        unsaved = read.items().isEmpty() && read.nextToken() != null && context.filters();
        boolean more = read.nextToken() != null && quota.remaining() > 0 && poll.mayRead();
        nextPage = more ? read(read.nextToken()) : null;
    }

    private CompletableFuture<Boolean> deliver(ConsumedItem item) {
        CompletableFuture<Boolean> done;
        // Whatever is thrown is the failure of this item.
        try {
            CompletableFuture<@Nullable Throwable> ended = poll.deliver(item, index, allowed);
            // Most routes have ended by now. Then no stage is made for what follows.
            boolean succeeded = ended.isDone() && !ended.isCompletedExceptionally() && ended.join() == null;
            done = succeeded ? context.acknowledge(item) : ended.thenCompose(error -> acknowledge(item, error));
            if (done.isDone() && !done.isCompletedExceptionally()) {
                return done;
            }
        } catch (RuntimeException | Error e) {
            done = CompletableFuture.failedFuture(e);
        }
        return done.exceptionally(error -> {
            poll.failed(item, Failures.cause(error));
            return false;
        });
    }

    private CompletableFuture<Boolean> acknowledge(ConsumedItem item, @Nullable Throwable error) {
        return error == null ? context.acknowledge(item) : CompletableFuture.failedFuture(error);
    }

    private void advance(boolean done) {
        if (done) {
            poll.done();
        }
        if (!done && context.options().ordered()) {
            blocked = true;
        } else {
            index++;
            unsaved = true;
        }
    }

    /** Saves the position if it has moved, and then continues with the next page or ends. */
    private @Nullable Step<?> leave(Outcome.Page left) {
        if (unsaved) {
            unsaved = false;
            token = position(left);
            return new Step<>(context.positions().save(partition, token), saved -> {});
        }
        quota.giveBack(allowed - index);
        boolean passed = index == left.items().size();
        if (blocked) {
            end(Result.COMPLETED);
        } else if (passed && left.nextToken() == null) {
            context.positions().completed(partition);
            end(Result.COMPLETED);
        } else if (passed && poll.mayRead() && quota.remaining() > 0) {
            token = left.nextToken();
            page = null;
        } else {
            end(Result.INTERRUPTED);
        }
        return next();
    }

    private void end(Result how) {
        result = how;
        page = null;
        nextPage = null;
    }

    /** The token behind the last passed item. */
    private @Nullable String position(Outcome.Page left) {
        if (index == left.items().size() && left.nextToken() != null) {
            return left.nextToken();
        }
        String place = left.places().behind(index - 1);
        return place == null ? token : place;
    }
}
