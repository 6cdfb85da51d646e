/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.lease.LeaseTerm;
import io.dynastore.lease.Observation;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the partitions of one plan, a limited number at a time. Runs on the thread of the member. */
final class Takes {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
    private static final int MOST_IN_FLIGHT = 25;

    private final GroupContext context;
    private final GroupCounters counters;
    private final Taker taker;
    private final BooleanSupplier wanted;
    private final Queue<Take> queue = new ArrayDeque<>();
    private final Set<String> pending = new HashSet<>();

    /** The partitions for which this was logged. */
    private final Set<String> unreadable = new HashSet<>();

    private int inFlight;

    /** Gets what is taken. */
    interface Taker extends PartitionLease.Owner {

        /**
         * A partition was taken.
         *
         * @param from the member that had not freed it; null if it was free
         */
        void taken(PartitionLease lease, @Nullable String from);

        /** A partition was not taken after all. */
        void notTaken();
    }

    /**
     * A partition to take.
     *
     * @param name the name of its lease
     * @param leased whether it was leased before. Then it has its own position
     * @param from the member that has not freed it; null if it is free
     * @param observation of its lease; null if there is none
     * @param onlyFree whether it is taken only if it is free
     */
    private record Take(
            String partition,
            String name,
            boolean leased,
            @Nullable String from,
            @Nullable Observation observation,
            boolean onlyFree) {}

    /**
     * Takes nothing yet.
     *
     * @param wanted whether partitions are still wanted
     */
    Takes(GroupContext context, GroupCounters counters, Taker taker, BooleanSupplier wanted) {
        this.context = context;
        this.counters = counters;
        this.taker = taker;
        this.wanted = wanted;
    }

    /** The partitions whose acquire has no result yet. */
    Set<String> pending() {
        return pending;
    }

    /** Plans to take a partition. What was planned before and not begun is dropped by {@link #clear}. */
    void take(String partition, @Nullable LeaseItem item, @Nullable Observation observation) {
        if (!pending.contains(partition)) {
            String name = GroupRequests.leaseName(partition);
            queue.add(
                    item == null
                            ? new Take(partition, name, false, null, null, false)
                            : new Take(partition, name, true, item.owner(), observation, false));
        }
    }

    /** Plans to take a partition that another member has freed for this one, if it is still free. */
    void takeFreed(String partition) {
        if (!pending.contains(partition)) {
            queue.add(new Take(partition, GroupRequests.leaseName(partition), true, null, null, true));
        }
    }

    /** How many partitions are planned or under way. */
    int size() {
        return queue.size() + pending.size();
    }

    /** Drops what has not begun. */
    void clear() {
        queue.clear();
    }

    /** Begins as many as may be in flight. */
    void proceed() {
        while (inFlight < MOST_IN_FLIGHT && !queue.isEmpty()) {
            begin(queue.remove());
        }
    }

    private void begin(Take take) {
        inFlight++;
        pending.add(take.partition());
        if (take.leased() || !context.settings().positions()) {
            acquire(take, null);
            return;
        }
        CompletableFuture<?> unused = context.table()
                .position(take.partition())
                .whenComplete((position, error) -> context.runtime().execute(() -> {
                    if (error == null) {
                        acquire(take, position);
                    } else {
                        positionFailed(take, Failures.cause(error));
                        done(take);
                    }
                }));
    }

    /** Without it, the partition would begin at its start. The next look tries again. */
    private void positionFailed(Take take, Throwable error) {
        if (!(error instanceof CancellationException) && unreadable.add(take.partition())) {
            LOG.warn(
                    "Table {}, group {}: partition {} is not taken, as the position of a single consumer can't be read",
                    context.requests().schema().table(),
                    context.settings().group(),
                    Key.shown(take.partition()),
                    error);
        }
    }

    private void acquire(Take take, @Nullable String position) {
        if (!wanted.getAsBoolean()) {
            done(take);
            return;
        }
        String id = context.runtime().id();
        ClockReading built = context.runtime().now();
        GroupRules.Grounds grounds = take.onlyFree()
                ? GroupRules.Grounds.FREE
                : GroupRules.grounds(
                        context.settings(), built, context.runtime().clockTrusted(), take.observation());
        CompletableFuture<?> unused = context.table()
                .write(context.requests().leases().acquire(take.name(), id, position, grounds, built))
                .thenAccept(result -> context.runtime().execute(() -> acquired(take, id, built, result)));
    }

    /** Whatever goes wrong with one, others may be taken. */
    private void acquired(Take take, String id, ClockReading built, GroupWrite result) {
        try {
            settle(take, id, built, result);
        } finally {
            done(take);
        }
    }

    private void settle(Take take, String id, ClockReading built, GroupWrite result) {
        LeaseItem found = context.requests().lease(take.name(), result);
        LeaseTerm term = new LeaseTerm(built.nanos(), context.settings().lease());
        boolean mine = found != null && found.heldBy(id);
        boolean inTime =
                wanted.getAsBoolean() && !term.over(context.runtime().now().nanos());
        pending.remove(take.partition());
        if (found != null && mine && inTime) {
            taker.taken(new PartitionLease(context, taker, take.partition(), id, built, found), take.from());
        } else if (mine || (result instanceof GroupWrite.Failed failed && failed.applied())) {
            giveBack(take.name(), id, term);
        } else if (result instanceof GroupWrite.Refused) {
            counters.refused();
        }
    }

    private void done(Take take) {
        inFlight--;
        pending.remove(take.partition());
        taker.notTaken();
        proceed();
    }

    /** Gives back what nobody here uses. If that fails too, it runs out by itself. */
    private void giveBack(String name, String id, LeaseTerm term) {
        CompletableFuture<?> unused = context.table()
                .write(context.requests().leases().giveBack(name, id))
                .thenAccept(result -> context.runtime().execute(() -> {
                    if (result instanceof GroupWrite.Failed
                            && !term.over(context.runtime().now().nanos())) {
                        context.runtime()
                                .after(LeaseRules.pause(context.settings().lease()), () -> giveBack(name, id, term));
                    }
                }));
    }
}
