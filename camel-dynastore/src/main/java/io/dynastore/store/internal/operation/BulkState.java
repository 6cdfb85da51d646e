/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a bulk call wait, are in flight or have failed, and what may be done next. Takes and sends nothing.
 * Thread safe.
 *
 * <p>Decision 23 in docs/decisions has the reasons.
 */
final class BulkState {

    /** An entry that was read. */
    record Entry(long index, Write write) {}

    /**
     * How a call has ended.
     *
     * @param stop why it has ended early; null if all entries were taken
     */
    record End(
            BulkOutcomes outcomes,
            double capacity,
            @Nullable Throwable stop) {}

    private final int maxFailures;
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

    BulkState(int maxFailures, WriteLimit limit) {
        this.maxFailures = maxFailures;
        this.limit = limit;
    }

    /** Whether a task that takes entries begins: there is none yet, and it could do something. */
    synchronized boolean beginTask() {
        if (taking || pausing || over || inFlight.size() >= limit.now()) {
            return false;
        }
        taking = true;
        return true;
    }

    synchronized void endTask() {
        taking = false;
    }

    /** An entry that waits to be sent, and may be. */
    @Nullable
    synchronized Entry waiting() {
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

    /** Whether the next entry may be taken. */
    synchronized boolean mayTake() {
        return !pausing && !atEnd && stop == null && held == null && inFlight.size() < limit.now();
    }

    /** Whether a task would find something to do: a response may have come while the last one ended. */
    synchronized boolean hasWork() {
        boolean room = !pausing && stop == null && inFlight.size() < limit.now();
        boolean waits = !again.isEmpty()
                || (held != null && !inFlight.contains(held.write().key()));
        return !over && room && (waits || (held == null && !atEnd));
    }

    /** There is no further entry. */
    synchronized void end() {
        atEnd = true;
    }

    /** The index of the entry that was taken. */
    synchronized long take() {
        return taken++;
    }

    /** Keeps an entry that may not be sent yet. Returns whether it may not. */
    synchronized boolean hold(Entry entry) {
        if (mustWait(entry)) {
            held = entry;
            return true;
        }
        return false;
    }

    /** Whether an entry may not be sent yet: what became of the requests before has changed while it was read. */
    private boolean mustWait(Entry entry) {
        Key key = entry.write().key();
        return pausing
                || inFlight.contains(key)
                || again.stream().anyMatch(before -> before.write().key().equals(key));
    }

    /** An entry is sent. Returns the epoch of the limit under which it is. */
    synchronized int send(Entry entry) {
        inFlight.add(entry.write().key());
        return limit.epoch();
    }

    /** The response to an entry has come. Returns whether a pause begins with it. */
    synchronized boolean done(Entry entry, BulkRun.Done done, int sentUnder) {
        Throwable error = done.error();
        inFlight.remove(entry.write().key());
        capacity += done.capacity();
        if (error == null) {
            written++;
            limit.succeeded();
            return false;
        }
        if (WriteLimit.isThrottling(error) && stop == null && limit.throttled(sentUnder)) {
            again.add(entry);
            boolean pauses = !pausing;
            pausing = true;
            return pauses;
        }
        failed(entry.index(), entry.write().key(), error);
        if (!isOfItem(error)) {
            stop(error);
        }
        return false;
    }

    synchronized void endPause() {
        pausing = false;
    }

    /** An entry has failed; its key is null if it could not be read. */
    synchronized void failed(long index, @Nullable Key key, Throwable error) {
        failures.add(new BulkOutcomes.Failure(index, key, error));
        if (failures.size() >= maxFailures) {
            stop(error);
        }
    }

    /** Takes nothing more. What waits to be sent has failed with the same error. */
    synchronized void stop(Throwable error) {
        if (stop == null) {
            stop = error;
        }
    }

    /** The end, once nothing is in flight and nothing may be sent; null before and after that. */
    @Nullable
    synchronized End endIfDone() {
        boolean idle = !taking && inFlight.isEmpty() && !over;
        if (!idle || (stop == null && (!atEnd || held != null || !again.isEmpty()))) {
            return null;
        }
        over = true;
        abandon(stop);
        failures.sort(Comparator.comparingLong(BulkOutcomes.Failure::index));
        // All entries were taken, and those that failed are named: that there are many of them ends nothing early.
        boolean whole = stop == null || (atEnd && failures.size() >= maxFailures && isOfItem(stop));
        return new End(new BulkOutcomes(taken, written, failures, atEnd), capacity, whole ? null : stop);
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

    synchronized long taken() {
        return taken;
    }

    synchronized long written() {
        return written;
    }

    synchronized int failed() {
        return failures.size();
    }

    synchronized int inFlight() {
        return inFlight.size();
    }

    synchronized int limit() {
        return limit.now();
    }
}
