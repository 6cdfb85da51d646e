/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.BulkProgress;
import io.dynastore.store.BulkStoppedException;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.Operation;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.Write;
import io.dynastore.store.internal.item.TableContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 *   <li>The monitor is held to read and change state, never while entries are taken or requests are sent.
 * </ol>
 */
final class BulkRun implements BulkProgress {

    /**
     * What became of one write.
     *
     * @param capacity capacity units
     * @param error as that of the single operation; null if the write was applied
     */
    record Done(double capacity, @Nullable Throwable error) {}

    /** An entry that was read. */
    private record Entry(long index, Write write) {}

    private final TableContext table;
    private final BulkCall call;
    private final Function<Write, CompletableFuture<Done>> sender;
    private final CompletableFuture<Outcome.Bulk> result = new CompletableFuture<>();
    private final WriteLimit limit;

    private final Set<Key> inFlight = new HashSet<>();
    private final Deque<Entry> again = new ArrayDeque<>();
    private final List<BulkOutcomes.Failure> failures = new ArrayList<>();
    private @Nullable Entry held;
    private @Nullable Throwable stop;
    private boolean taking;
    private boolean pausing;
    private boolean atEnd;
    private boolean over;
    private long taken;
    private long written;
    private double capacity;

    BulkRun(TableContext table, BulkCall call, Function<Write, CompletableFuture<Done>> sender) {
        this.table = table;
        this.call = call;
        this.sender = sender;
        this.limit = new WriteLimit(call.options().concurrentWrites(), table.random());
    }

    CompletableFuture<Outcome.Bulk> begin() {
        wake();
        return result;
    }

    /** Starts a task that takes entries, unless there is one, or it could do nothing. */
    private void wake() {
        synchronized (this) {
            if (taking || pausing || over || inFlight.size() >= limit.now()) {
                return;
            }
            taking = true;
        }
        try {
            call.executor().execute(this::take);
        } catch (RuntimeException e) {
            synchronized (this) {
                taking = false;
                stop = stop == null ? e : stop;
            }
            finishIfDone();
        }
    }

    private void take() {
        try {
            boolean more = true;
            while (more) {
                Entry next = waiting();
                more = next != null ? sent(next) : mayTake() && takeOne();
            }
        } catch (RuntimeException | Error e) {
            stop(e);
        }
        synchronized (this) {
            taking = false;
        }
        finishIfDone();
        if (hasWork()) {
            wake();
        }
    }

    /** An entry that waits to be sent, and may be. */
    private synchronized @Nullable Entry waiting() {
        if (pausing || stop != null || inFlight.size() >= limit.now()) {
            return null;
        }
        Entry next = again.poll();
        if (next == null && held != null && !inFlight.contains(held.write().key())) {
            next = held;
            held = null;
        }
        return next;
    }

    private synchronized boolean mayTake() {
        return !pausing && !atEnd && stop == null && held == null && inFlight.size() < limit.now();
    }

    /** Whether a task would find something to do: a response may have come while the last one ended. */
    private synchronized boolean hasWork() {
        boolean room = !pausing && stop == null && inFlight.size() < limit.now();
        boolean waits = !again.isEmpty()
                || (held != null && !inFlight.contains(held.write().key()));
        return !over && room && (waits || (held == null && !atEnd));
    }

    /** Takes the next entry. It is sent, or waits. */
    private boolean takeOne() {
        Object given;
        try {
            if (!call.entries().hasNext()) {
                synchronized (this) {
                    atEnd = true;
                }
                return false;
            }
            given = call.entries().next();
        } catch (RuntimeException e) {
            stop(e);
            return false;
        }
        long index;
        synchronized (this) {
            index = taken++;
        }
        try {
            Entry entry = new Entry(index, call.reader().apply(given));
            synchronized (this) {
                if (mustWait(entry)) {
                    held = entry;
                    return true;
                }
            }
            return sent(entry);
        } catch (InvalidInputException e) {
            failed(index, null, e.at("Table " + table.name() + ", entry " + index));
            return true;
        } catch (RuntimeException e) {
            failed(index, null, e);
            stop(e);
            return false;
        }
    }

    /** Whether an entry may not be sent yet: what became of the requests before has changed while it was read. */
    private boolean mustWait(Entry entry) {
        Key key = entry.write().key();
        return pausing
                || inFlight.contains(key)
                || again.stream().anyMatch(before -> before.write().key().equals(key));
    }

    private boolean sent(Entry entry) {
        int sentUnder;
        synchronized (this) {
            inFlight.add(entry.write().key());
            sentUnder = limit.epoch();
        }
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

    private void done(Entry entry, Done done, int sentUnder) {
        Throwable error = done.error();
        boolean throttled = error != null && WriteLimit.isThrottling(error);
        boolean pauses;
        synchronized (this) {
            inFlight.remove(entry.write().key());
            capacity += done.capacity();
            if (error == null) {
                written++;
                limit.succeeded();
                pauses = false;
            } else if (throttled && stop == null && limit.throttled(sentUnder)) {
                again.add(entry);
                pauses = !pausing;
                pausing = true;
            } else {
                failed(entry.index(), entry.write().key(), error);
                pauses = false;
                if (!isOfItem(error)) {
                    stop(error);
                }
            }
        }
        if (pauses) {
            CompletableFuture<Void> unused = table.pause().of(limit.pause()).whenComplete((waited, failed) -> {
                synchronized (this) {
                    pausing = false;
                }
                wake();
            });
        }
        finishIfDone();
    }

    private synchronized void failed(long index, @Nullable Key key, Throwable error) {
        failures.add(new BulkOutcomes.Failure(index, key, error));
        if (failures.size() >= call.options().maxFailures()) {
            stop(error);
        }
    }

    /** Takes nothing more. What waits to be sent has failed with the same error. */
    private synchronized void stop(Throwable error) {
        if (stop == null) {
            stop = error;
        }
    }

    private void finishIfDone() {
        Outcome.Bulk outcome;
        Throwable cause;
        synchronized (this) {
            boolean idle = !taking && inFlight.isEmpty() && !over;
            if (!idle || (stop == null && (!atEnd || held != null || !again.isEmpty()))) {
                return;
            }
            over = true;
            cause = stop;
            abandon(cause);
            failures.sort(Comparator.comparingLong(BulkOutcomes.Failure::index));
            outcome = new Outcome.Bulk(new BulkOutcomes(taken, written, failures, atEnd), capacity);
        }
        // All entries were taken, and those that failed are named: that there are many of them ends nothing early.
        if (cause == null || (atEnd && failures.size() >= call.options().maxFailures() && isOfItem(cause))) {
            result.complete(outcome);
        } else {
            result.completeExceptionally(
                    new BulkStoppedException(table.name(), call.operation(), outcome.outcomes(), cause));
        }
    }

    /** Whether it says nothing about the next entries. The lock that protects them is lost for all. */
    private static boolean isOfItem(Throwable error) {
        return error instanceof DynaStoreException
                && !(error instanceof OutcomeUnknownException)
                && !(error instanceof LockLostException)
                && !WriteLimit.isThrottling(error);
    }

    private void abandon(@Nullable Throwable cause) {
        if (cause == null) {
            return;
        }
        if (held != null) {
            again.add(held);
            held = null;
        }
        again.forEach(entry -> failures.add(
                new BulkOutcomes.Failure(entry.index(), entry.write().key(), cause)));
        again.clear();
    }

    @Override
    public Operation operation() {
        return call.operation();
    }

    @Override
    public synchronized long taken() {
        return taken;
    }

    @Override
    public synchronized long written() {
        return written;
    }

    @Override
    public synchronized int failed() {
        return failures.size();
    }

    @Override
    public synchronized int inFlight() {
        return inFlight.size();
    }

    @Override
    public synchronized int limit() {
        return limit.now();
    }
}
