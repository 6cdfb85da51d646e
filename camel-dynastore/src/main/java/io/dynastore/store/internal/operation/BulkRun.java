/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkProgress;
import io.dynastore.store.BulkStoppedException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Operation;
import io.dynastore.store.Outcome;
import io.dynastore.store.Write;
import io.dynastore.store.internal.item.TableContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One bulk call while it runs. Thread safe.
 *
 * <ol>
 *   <li>At most one task of the executor takes entries at a time. It ends when no further write may be sent, and the
 *       next response starts another one. So no thread waits, and nothing is taken ahead.
 *   <li>An entry whose key is in flight waits, and with it all behind it.
 *   <li>A write that stays throttled, although the client has repeated it, was not applied, and is sent again. {@link
 *       WriteLimit} bounds how many are in flight meanwhile.
 *   <li>An error of the item itself is an outcome. Any other error, such as denied access or a lost connection, would
 *       meet the next entries too: no further entry is taken, and the call fails when nothing is in flight.
 *   <li>{@link BulkState} has what changes. Its monitor is not held while entries are taken or requests are sent.
 * </ol>
 *
 * <p>Decision 23 in docs/decisions has the reasons.
 */
final class BulkRun implements BulkProgress {

    /**
     * What became of one write.
     *
     * @param capacity capacity units
     * @param error as that of the single operation; null if the write was applied
     */
    record Done(double capacity, @Nullable Throwable error) {}

    private final TableContext table;
    private final BulkCall call;
    private final Function<Write, CompletableFuture<Done>> sender;
    private final CompletableFuture<Outcome.Bulk> result = new CompletableFuture<>();
    private final WriteLimit limit;
    private final BulkState state;

    BulkRun(TableContext table, BulkCall call, Function<Write, CompletableFuture<Done>> sender) {
        this.table = table;
        this.call = call;
        this.sender = sender;
        this.limit = new WriteLimit(call.options().concurrentWrites(), table.random());
        this.state = new BulkState(call.options().maxFailures(), limit);
    }

    CompletableFuture<Outcome.Bulk> begin() {
        wake();
        return result;
    }

    /** Starts a task that takes entries, unless there is one, or it could do nothing. */
    private void wake() {
        if (!state.beginTask()) {
            return;
        }
        try {
            call.executor().execute(this::take);
        } catch (RuntimeException e) {
            state.stop(e);
            state.endTask();
            finishIfDone();
        }
    }

    private void take() {
        try {
            boolean more = true;
            while (more) {
                BulkState.Entry next = state.waiting();
                more = next != null ? sent(next) : state.mayTake() && takeOne();
            }
        } catch (RuntimeException | Error e) {
            state.stop(e);
        }
        state.endTask();
        finishIfDone();
        if (state.hasWork()) {
            wake();
        }
    }

    /** Takes the next entry. It is sent, or waits. */
    private boolean takeOne() {
        Object given;
        try {
            if (!call.entries().hasNext()) {
                state.end();
                return false;
            }
            given = call.entries().next();
        } catch (RuntimeException e) {
            state.stop(e);
            return false;
        }
        long index = state.take();
        try {
            BulkState.Entry entry = new BulkState.Entry(index, call.reader().apply(given));
            return state.hold(entry) || sent(entry);
        } catch (InvalidInputException e) {
            state.failed(index, null, e.at("Table " + table.name() + ", entry " + index));
            return true;
        } catch (RuntimeException e) {
            state.failed(index, null, e);
            state.stop(e);
            return false;
        }
    }

    private boolean sent(BulkState.Entry entry) {
        int sentUnder = state.send(entry);
        CompletableFuture<Done> response;
        try {
            response = sender.apply(entry.write());
        } catch (RuntimeException | Error e) {
            response = CompletableFuture.completedFuture(new Done(0, e));
        }
        CompletableFuture<Done> unused = response.whenComplete((done, error) -> {
            done(entry, done == null ? new Done(0, error) : done, sentUnder);
            wake();
        });
        return true;
    }

    private void done(BulkState.Entry entry, Done done, int sentUnder) {
        if (state.done(entry, done, sentUnder)) {
            CompletableFuture<Void> unused = table.pause().of(limit.pause()).whenComplete((waited, failed) -> {
                state.endPause();
                wake();
            });
        }
        finishIfDone();
    }

    private void finishIfDone() {
        BulkState.End end = state.endIfDone();
        if (end == null) {
            return;
        }
        Outcome.Bulk outcome = new Outcome.Bulk(end.outcomes(), end.capacity());
        if (end.stop() == null) {
            result.complete(outcome);
        } else {
            result.completeExceptionally(
                    new BulkStoppedException(table.name(), call.operation(), outcome.outcomes(), end.stop()));
        }
    }

    @Override
    public Operation operation() {
        return call.operation();
    }

    @Override
    public long taken() {
        return state.taken();
    }

    @Override
    public long written() {
        return state.written();
    }

    @Override
    public int failed() {
        return state.failed();
    }

    @Override
    public int inFlight() {
        return state.inFlight();
    }

    @Override
    public int limit() {
        return state.limit();
    }
}
