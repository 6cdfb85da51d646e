/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.lease.LeaseTerm;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A partition that a member has, from its acquire to its end.
 *
 * <p>The public methods are thread safe and never wait. All else runs on the thread of the member, one task at a time.
 */
public final class PartitionLease {

    /** How a lease has ended. */
    enum End {
        /** The member has given it up. */
        FREED,
        /** It was not renewed in time. */
        EXPIRED,
        /** Another member has it, or its item is gone. */
        LOST
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
    private final Owner owner;
    private final String partition;
    private final String name;
    private final String id;
    private final long token;
    private final AtomicReference<Use> use = new AtomicReference<>(Use.IDLE);

    private volatile @Nullable String position;
    private volatile long deadline;
    private volatile boolean open = true;
    private volatile boolean over;

    private LeaseTerm term;
    private long seq;
    private long latestUntil;
    private long latestBuilt;
    private long due;
    private @Nullable Long wakeAt;
    private @Nullable String unsaved;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean inFlight;
    private boolean draining;
    private boolean freeing;
    private boolean uncertain;
    private @Nullable String asker;
    private @Nullable End end;
    private @Nullable Throwable failure;

    /**
     * A lease that was acquired.
     *
     * @param built when the acquire was built
     * @param acquired the item as the acquire wrote it
     */
    PartitionLease(
            GroupContext context, Owner owner, String partition, String id, ClockReading built, LeaseItem acquired) {
        this.context = context;
        this.owner = owner;
        this.partition = partition;
        this.name = acquired.partition();
        this.id = id;
        this.token = acquired.fence();
        this.position = acquired.position();
        this.seq = acquired.seq();
        this.latestUntil = acquired.until();
        this.latestBuilt = built.nanos();
        this.term = new LeaseTerm(built.nanos(), context.settings().lease());
        this.deadline = term.deadline();
        this.due = term.beat(context.runtime().random());
    }

    /** Starts the heartbeat. */
    void begin() {
        wakeAt(due);
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
        context.runtime().execute(this::freeIfIdle);
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
        if (over) {
            saved.completeExceptionally(over());
            return saved;
        }
        context.runtime().execute(() -> {
            if (end != null) {
                saved.completeExceptionally(over());
                return;
            }
            unsaved = next == null ? unsaved : next;
            if (draining) {
                saved.complete(null);
            } else {
                waiting.add(saved);
                renewIfIdle();
            }
        });
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

    /** Whether it is given up or has ended. */
    boolean leaving() {
        return draining || end != null;
    }

    /** Whether somebody here reads the partition. */
    boolean reading() {
        return use.get() == Use.READING;
    }

    /** The member that gets the partition; null if nobody in particular. */
    @Nullable
    String asker() {
        return asker;
    }

    /** Why the last write was not confirmed; null if it was. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /**
     * Gives the partition up, once nobody reads it any more.
     *
     * @param by the member that gets it; null if nobody in particular
     */
    void drain(@Nullable String by) {
        if (draining || end != null) {
            return;
        }
        open = false;
        draining = true;
        asker = by;
        if (!inFlight) {
            complete(waiting);
            waiting = new ArrayList<>();
        }
        freeIfIdle();
    }

    /** Drops the lease without a write: the member has ended. */
    void abandon() {
        if (end == null) {
            end(End.EXPIRED, null);
        }
    }

    private void wake() {
        long now = now().nanos();
        if (end != null) {
            return;
        }
        if (term.over(now)) {
            end(End.EXPIRED, null);
            return;
        }
        if (now - due >= 0) {
            if (freeing) {
                free();
            } else {
                renewIfIdle();
            }
        }
        wakeAt(inFlight || due - now <= 0 ? term.deadline() : Math.min(due, term.deadline()));
    }

    private void wakeAt(long at) {
        Long set = wakeAt;
        if (set != null && set - at <= 0) {
            return;
        }
        wakeAt = at;
        context.runtime().after(Math.max(0, at - now().nanos()), () -> {
            Long latest = wakeAt;
            if (latest != null && latest == at) {
                wakeAt = null;
                wake();
            }
        });
    }

    private void renewIfIdle() {
        if (inFlight || freeing) {
            return;
        }
        ClockReading built = now();
        Duration lease = context.settings().lease();
        latestUntil = LeaseRules.until(built.wall(), lease, latestUntil, Duration.ofNanos(built.nanos() - latestBuilt));
        latestBuilt = built.nanos();
        String sent = unsaved;
        long number = ++seq;
        List<CompletableFuture<Void>> served = waiting;
        waiting = new ArrayList<>();
        inFlight = true;
        send(context.requests().checkpoint(name, id, number, latestUntil, sent), result -> {
            inFlight = false;
            renewed(result, built, number, sent, served);
        });
    }

    private void renewed(
            GroupWrite result,
            ClockReading built,
            long number,
            @Nullable String sent,
            List<CompletableFuture<Void>> served) {
        LeaseItem found = item(result);
        boolean mine = found != null && found.heldBy(id);
        if (end != null) {
            served.forEach(one -> one.completeExceptionally(over()));
        } else if (term.over(now().nanos())) {
            waiting.addAll(served);
            end(End.EXPIRED, null);
        } else if (result instanceof GroupWrite.Applied || applied(found, number)) {
            confirmed(new LeaseTerm(built.nanos(), context.settings().lease()), sent, served);
            tellOfAsker(found);
        } else if (mine || result instanceof GroupWrite.Failed) {
            unconfirmed(result, served);
        } else {
            waiting.addAll(served);
            end(End.LOST, found == null ? null : found.owner());
        }
    }

    private boolean applied(@Nullable LeaseItem found, long number) {
        return found != null && found.heldBy(id) && found.seq() == number;
    }

    private void confirmed(LeaseTerm next, @Nullable String sent, List<CompletableFuture<Void>> served) {
        failure = null;
        term = next;
        deadline = next.deadline();
        due = next.beat(context.runtime().random());
        if (sent != null) {
            position = sent;
        }
        if (sent != null && sent.equals(unsaved)) {
            unsaved = null;
        }
        complete(served);
        if (draining) {
            complete(waiting);
            waiting = new ArrayList<>();
            freeIfIdle();
        } else if (!waiting.isEmpty()) {
            renewIfIdle();
        }
        wakeAt(due);
    }

    private void tellOfAsker(@Nullable LeaseItem found) {
        if (found != null && found.want() != null && !draining) {
            owner.wanted(this, found.want());
        }
    }

    /** The write is sent again after a pause, until the deadline. While draining, the freeing write carries all. */
    private void unconfirmed(GroupWrite result, List<CompletableFuture<Void>> served) {
        failure = result instanceof GroupWrite.Failed failed ? failed.cause() : null;
        waiting.addAll(0, served);
        due = now().nanos() + LeaseRules.pause(context.settings().lease());
        if (draining) {
            complete(waiting);
            waiting = new ArrayList<>();
            freeIfIdle();
        }
        wakeAt(due);
    }

    private void freeIfIdle() {
        if (draining && end == null && !inFlight && !freeing && use.compareAndSet(Use.IDLE, Use.CLOSED)) {
            freeing = true;
            free();
        }
    }

    private void free() {
        if (inFlight) {
            return;
        }
        inFlight = true;
        send(context.requests().free(name, id, ++seq, unsaved, asker, now()), result -> {
            inFlight = false;
            freed(result);
        });
    }

    private void freed(GroupWrite result) {
        if (end != null) {
            return;
        }
        if (result instanceof GroupWrite.Failed failed) {
            failure = failed.cause();
            uncertain |= failed.applied();
            due = now().nanos() + LeaseRules.pause(context.settings().lease());
            wakeAt(due);
            return;
        }
        LeaseItem found = item(result);
        boolean before = result instanceof GroupWrite.Refused refused
                && ((found != null && id.equals(found.released()))
                        || ((uncertain || refused.repeated()) && !term.over(now().nanos())));
        if (result instanceof GroupWrite.Applied || before) {
            position = unsaved == null ? position : unsaved;
            end(End.FREED, asker);
        } else {
            end(End.LOST, found == null ? null : found.owner());
        }
    }

    private void end(End how, @Nullable String by) {
        end = how;
        open = false;
        over = true;
        List<CompletableFuture<Void>> left = waiting;
        waiting = new ArrayList<>();
        left.forEach(one -> one.completeExceptionally(over()));
        owner.ended(this, how, by);
    }

    private CancellationException over() {
        return new CancellationException("The lease of the partition has ended, and another member may have it.");
    }

    private void send(
            software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest request,
            java.util.function.Consumer<GroupWrite> then) {
        CompletableFuture<?> unused = context.table().write(request).thenAccept(result -> context.runtime()
                .execute(() -> then.accept(result)));
    }

    private @Nullable LeaseItem item(GroupWrite result) {
        TableSchema schema = context.requests().schema();
        Map<String, AttributeValue> found = result instanceof GroupWrite.Applied applied
                ? applied.item()
                : result instanceof GroupWrite.Refused refused ? refused.found() : null;
        return found == null || found.isEmpty() ? null : LeaseItem.of(schema, name, found);
    }

    private ClockReading now() {
        return context.runtime().now();
    }

    private static void complete(List<CompletableFuture<Void>> saves) {
        saves.forEach(one -> one.complete(null));
    }
}
