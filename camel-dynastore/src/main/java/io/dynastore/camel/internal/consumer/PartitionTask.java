/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import io.dynastore.store.Item;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the items of one partition, in order, one after the other, as far as one poll may go.
 *
 * <ol>
 *   <li>When it comes to a page, it asks for the next one, and then delivers. So two pages at most are in memory.
 *   <li>An item is delivered when the one before it is done: its exchange has ended, and it is deleted if it is to be.
 *   <li>Where items wait their turn ({@link ConsumerContext#inTurn}), the first one that is not done ends the run, and the position is
 *       in front of it. Else the others follow, and it comes again with the next pass.
 *   <li>The position is saved when a page is done, and at the end of the run: never behind an item that is not done, where items
 *       wait their turn.
 * </ol>
 */
public final class PartitionTask extends AsyncLoop {

    /** How a run has ended that did not fail. */
    enum Ending {
        /** All items have had their turn, or wait behind one that is not done. */
        TURN_OVER,
        /** There is more, and the next poll goes on with it. */
        INTERRUPTED
    }

    /** The poll that this run belongs to. */
    public interface Poll {

        /** Whether another item may be delivered. */
        boolean mayDeliver();

        /** Whether another page may be read. */
        boolean mayRead();

        /** Delivers an item; completes when its exchange has ended, with its error if it has failed. */
        CompletableFuture<@Nullable Throwable> deliver(Item item, int index, int size);

        /** An item is done. */
        void done();

        /** An item stays as it is, since its exchange or what was to follow it has failed. */
        void failed(Item item, Throwable error);

        /** A page was read. */
        void read();
    }

    private final ConsumerContext consumption;
    private final Partition partition;
    private final ItemQuota budget;
    private final Poll poll;

    private boolean begun;
    private @Nullable Ending ending;

    /** Where the page begins, or else where the next one does. */
    private @Nullable String from;

    private Outcome.@Nullable Page page;
    private @Nullable CompletableFuture<Outcome.Page> ahead;

    /** How many items of the page may be delivered. */
    private int allowed;

    /** The item of the page that is next; all before it have been passed. */
    private int index;

    private boolean unsaved;
    private boolean blocked;

    public PartitionTask(
            ConsumerContext consumption, Partition partition, ItemQuota budget, Poll poll, Executor executor) {
        super(executor);
        this.consumption = consumption;
        this.partition = partition;
        this.budget = budget;
        this.poll = poll;
    }

    /** How it has ended, once it has. */
    Ending ending() {
        return ending == null ? Ending.TURN_OVER : ending;
    }

    @Override
    @Nullable
    Step<?> next() {
        if (!begun) {
            return new Step<>(consumption.positions().behind(partition), this::begin);
        }
        if (ending != null) {
            return null;
        }
        if (page == null) {
            return new Step<>(ahead == null ? read(from) : ahead, this::comeTo);
        }
        if (!blocked && index < allowed && poll.mayDeliver()) {
            Item item = page.items().get(index);
            return new Step<>(delivered(item), this::pass);
        }
        return leave(page);
    }

    private void begin(@Nullable String position) {
        from = position;
        begun = true;
    }

    private CompletableFuture<Outcome.Page> read(@Nullable String token) {
        return consumption.page(partition, token, budget.left());
    }

    private void comeTo(Outcome.Page next) {
        poll.read();
        page = next;
        index = 0;
        allowed = budget.take(next.items().size());
        boolean more = next.nextToken() != null && budget.left() > 0 && poll.mayRead();
        ahead = more ? read(next.nextToken()) : null;
    }

    private CompletableFuture<Boolean> delivered(Item item) {
        return poll.deliver(item, index, allowed)
                .thenCompose(error -> {
                    if (error != null) {
                        throw new CompletionException(error);
                    }
                    return consumption.settle(item);
                })
                .exceptionally(error -> {
                    poll.failed(item, Failures.cause(error));
                    return false;
                });
    }

    private void pass(boolean done) {
        if (done) {
            poll.done();
        }
        if (!done && consumption.inTurn()) {
            blocked = true;
        } else {
            index++;
            unsaved = true;
        }
    }

    /** The page is over, or the poll is. */
    private @Nullable Step<?> leave(Outcome.Page left) {
        if (unsaved) {
            unsaved = false;
            from = behind(left);
            return new Step<>(consumption.positions().passed(partition, from), saved -> {});
        }
        budget.giveBack(allowed - index);
        boolean over = index == left.items().size();
        if (blocked) {
            end(Ending.TURN_OVER);
        } else if (over && left.nextToken() == null) {
            consumption.positions().completed(partition);
            end(Ending.TURN_OVER);
        } else if (over && poll.mayRead() && budget.left() > 0) {
            from = left.nextToken();
            page = null;
        } else {
            end(Ending.INTERRUPTED);
        }
        return next();
    }

    private void end(Ending how) {
        ending = how;
        page = null;
        ahead = null;
    }

    private @Nullable String behind(Outcome.Page left) {
        if (index == left.items().size() && left.nextToken() != null) {
            return left.nextToken();
        }
        String place = left.places().behind(index - 1);
        return place == null ? from : place;
    }
}
