/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseTerm;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a member has, from its acquire to its end.
 *
 * <p>Thread safe; nothing here waits. {@link LeaseUpkeep} sends its writes.
 */
public final class PartitionLease {

    /** How a lease has ended. */
    enum End {
        /** The member has given it up. */
        FREED,
        /** It was not renewed in time. */
        EXPIRED,
        /** Another member has it, or its item is gone. */
        LOST,
        /** The member has ended without freeing it. */
        ABANDONED
    }

    /** Who uses the partition here. */
    private enum Use {
        IDLE,
        READING,
        CLOSED
    }

    /** The member of the lease. */
    interface Owner {

        /** The lease has ended. */
        void ended(PartitionLease lease, End how, @Nullable String by);

        /** A response shows that this member asks for the partition. */
        void wanted(PartitionLease lease, String by);
    }

    private final GroupContext context;
    private final LeaseUpkeep upkeep;
    private final String partition;
    private final String id;
    private final long token;
    private final AtomicReference<Use> use = new AtomicReference<>(Use.IDLE);

    private volatile @Nullable String position;
    private volatile long deadline;
    private volatile long checkpointAt;
    private volatile long itemAt;
    private volatile boolean open = true;
    private volatile boolean ended;

    /**
     * A lease that was acquired.
     *
     * @param built when the acquire was built
     * @param acquired the item as the acquire wrote it
     */
    PartitionLease(
            GroupContext context, Owner owner, String partition, String id, ClockReading built, LeaseItem acquired) {
        this.context = context;
        this.partition = partition;
        this.id = id;
        this.token = acquired.fence();
        this.position = acquired.position();
        this.deadline = new LeaseTerm(built.nanos(), context.settings().lease()).deadline();
        this.checkpointAt = built.nanos();
        this.itemAt = built.nanos();
        this.upkeep = new LeaseUpkeep(context, owner, this, built, acquired);
    }

    /** The partition's name among those of its group. */
    public String partition() {
        return partition;
    }

    /** The fencing token of this lease. It grows from one lease of the partition to the next. */
    public long token() {
        return token;
    }

    /** The position that is confirmed; null at the start of the partition. */
    public @Nullable String position() {
        return position;
    }

    /** Whether another item may be delivered now: the deadline has not passed, and the partition is not given up. */
    public boolean mayDeliver() {
        return open && context.runtime().now().nanos() - deadline < 0;
    }

    /** An item is delivered. */
    public void delivered() {
        itemAt = context.runtime().now().nanos();
    }

    /** The time since the position was moved last under this lease, or since the lease began. */
    public Duration sinceCheckpoint() {
        return Duration.ofNanos(context.runtime().now().nanos() - checkpointAt);
    }

    /** The time since an item was delivered last under this lease, or since the lease began. */
    public Duration sinceItem() {
        return Duration.ofNanos(context.runtime().now().nanos() - itemAt);
    }

    /**
     * Begins to read the partition. It is not handed over before {@link #leave}.
     *
     * @return false if it is read already, or is given up
     */
    public boolean enter() {
        return open && use.compareAndSet(Use.IDLE, Use.READING);
    }

    /** Ends reading. */
    public void leave() {
        use.compareAndSet(Use.READING, Use.IDLE);
        context.runtime().execute(upkeep::freeIfIdle);
    }

    /**
     * Moves the position. While the partition is given up, the write that frees it carries the position, and this
     * completes at once.
     *
     * @return completes when the position is stored; fails with {@link CancellationException} if the lease has ended.
     *     Completes on the thread of the member
     */
    public CompletableFuture<Void> save(@Nullable String next) {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        if (ended) {
            saved.completeExceptionally(over());
        } else {
            context.runtime().execute(() -> upkeep.save(next, saved));
        }
        return saved;
    }

    /** The id of the lease in its item. */
    String id() {
        return id;
    }

    /** Whether an item shows this lease. */
    boolean shownBy(LeaseItem item) {
        return item.heldBy(id);
    }

    /** What keeps this lease, on the thread of the member. */
    LeaseUpkeep upkeep() {
        return upkeep;
    }

    /** Ends deliveries, for ever. */
    void close() {
        open = false;
    }

    /** Ends reading for ever, unless somebody reads now. */
    boolean closeIfIdle() {
        return use.compareAndSet(Use.IDLE, Use.CLOSED);
    }

    /** The store has confirmed a term, and the position if there is one. */
    void confirmed(LeaseTerm term, @Nullable String saved) {
        deadline = term.deadline();
        savedAt(saved);
    }

    /** The store has confirmed the position, if there is one. */
    void savedAt(@Nullable String saved) {
        if (saved != null) {
            position = saved;
            checkpointAt = context.runtime().now().nanos();
        }
    }

    /** The lease has ended. */
    void end() {
        open = false;
        ended = true;
    }

    static CancellationException over() {
        return new CancellationException("The lease of the partition has ended, and another member may have it.");
    }
}
