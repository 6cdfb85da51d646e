/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.LeaseRules;
import io.dynastore.lease.LeaseTerm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Keeps the lease of one partition: sends its writes, one at a time, and ends it. Runs on the thread of the member.
 *
 * <p>{@link GroupRules} has the argument. Decision 20 in docs/decisions has the reasons.
 */
final class LeaseUpkeep {

    private final GroupContext context;
    private final PartitionLease.Owner owner;
    private final PartitionLease lease;
    private final String name;
    private final String id;
    private final UnsavedPosition unsaved = new UnsavedPosition();
    private final Alarm alarm;

    private LeaseTerm term;
    private long seq;
    private long latestUntil;
    private long latestBuilt;
    private long due;
    private boolean inFlight;
    private boolean draining;
    private boolean freeing;
    private boolean uncertain;
    private @Nullable String asker;
    private boolean ended;

    /**
     * The upkeep of a lease that was acquired.
     *
     * @param built when the acquire was built
     * @param acquired the item as the acquire wrote it
     */
    LeaseUpkeep(
            GroupContext context,
            PartitionLease.Owner owner,
            PartitionLease lease,
            ClockReading built,
            LeaseItem acquired) {
        this.context = context;
        this.owner = owner;
        this.lease = lease;
        this.name = acquired.partition();
        this.id = lease.id();
        this.seq = acquired.seq();
        this.latestUntil = acquired.until();
        this.latestBuilt = built.nanos();
        this.term = new LeaseTerm(built.nanos(), context.settings().lease());
        this.alarm = new Alarm(context.runtime(), this::wake);
        this.due = GroupRules.heartbeat(term, context.runtime().random());
    }

    /** Starts the heartbeat. */
    void begin() {
        alarm.at(due);
    }

    /** Whether the partition is given up, or the lease has ended. */
    boolean leaving() {
        return draining || ended;
    }

    /** The member that gets the partition; null if nobody in particular. */
    @Nullable
    String asker() {
        return asker;
    }

    /** Saves a position, or has the freeing write save it. */
    void save(@Nullable String next, CompletableFuture<Void> saved) {
        if (ended) {
            saved.completeExceptionally(PartitionLease.over());
            return;
        }
        unsaved.reached(next);
        if (draining) {
            saved.complete(null);
        } else {
            unsaved.await(saved);
            renewIfIdle();
        }
    }

    /**
     * Gives the partition up, once nobody reads it any more.
     *
     * @param by the member that gets it; null if nobody in particular
     */
    void drain(@Nullable String by) {
        if (draining || ended) {
            return;
        }
        lease.close();
        draining = true;
        asker = by;
        if (!inFlight) {
            unsaved.release();
        }
        freeIfIdle();
    }

    /** Drops the lease without a write: the member has ended. */
    void abandon() {
        if (!ended) {
            end(PartitionLease.End.ABANDONED, null);
        }
    }

    private void wake() {
        long now = now().nanos();
        if (ended) {
            return;
        }
        if (term.over(now)) {
            end(PartitionLease.End.EXPIRED, null);
            return;
        }
        try {
            if (now - due >= 0) {
                if (freeing) {
                    free();
                } else {
                    renewIfIdle();
                }
            }
        } finally {
            // At the deadline at the latest, whatever has gone wrong.
            alarm.at(inFlight || due - now <= 0 ? term.deadline() : Math.min(due, term.deadline()));
        }
    }

    private void renewIfIdle() {
        if (inFlight || freeing) {
            return;
        }
        ClockReading built = now();
        Duration lease = context.settings().lease();
        latestUntil = LeaseRules.until(built.wall(), lease, latestUntil, Duration.ofNanos(built.nanos() - latestBuilt));
        latestBuilt = built.nanos();
        String sent = unsaved.position();
        long number = ++seq;
        List<CompletableFuture<Void>> served = unsaved.served();
        inFlight = true;
        send(context.requests().leases().checkpoint(name, id, number, latestUntil, sent), result -> {
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
        LeaseItem found = context.requests().lease(name, result);
        boolean mine = found != null && found.heldBy(id);
        if (ended) {
            served.forEach(one -> one.completeExceptionally(PartitionLease.over()));
        } else if (term.over(now().nanos())) {
            unsaved.awaitAgain(served);
            end(PartitionLease.End.EXPIRED, null);
        } else if (result instanceof GroupWrite.Applied || applied(found, number)) {
            confirmed(new LeaseTerm(built.nanos(), context.settings().lease()), sent, served);
            tellOfAsker(found);
        } else if (mine || result instanceof GroupWrite.Failed) {
            unconfirmed(served);
        } else {
            unsaved.awaitAgain(served);
            end(PartitionLease.End.LOST, found == null ? null : found.owner());
        }
    }

    private boolean applied(@Nullable LeaseItem found, long number) {
        return found != null && found.heldBy(id) && found.seq() == number;
    }

    private void confirmed(LeaseTerm next, @Nullable String sent, List<CompletableFuture<Void>> served) {
        term = next;
        due = GroupRules.heartbeat(next, context.runtime().random());
        lease.confirmed(next, sent);
        unsaved.confirmed(sent);
        UnsavedPosition.complete(served);
        if (draining) {
            unsaved.release();
            freeIfIdle();
        } else if (unsaved.awaited()) {
            renewIfIdle();
        }
        alarm.at(due);
    }

    private void tellOfAsker(@Nullable LeaseItem found) {
        if (found != null && found.want() != null && !draining) {
            owner.wanted(lease, found.want());
        }
    }

    /** The write is sent again after a pause, until the deadline. While draining, the freeing write carries all. */
    private void unconfirmed(List<CompletableFuture<Void>> served) {
        unsaved.awaitAgain(served);
        due = now().nanos() + LeaseRules.pause(context.settings().lease());
        if (draining) {
            unsaved.release();
            freeIfIdle();
        }
        alarm.at(due);
    }

    /** Frees the partition if it is given up and nobody reads it any more. */
    void freeIfIdle() {
        if (draining && !ended && !inFlight && !freeing && lease.closeIfIdle()) {
            freeing = true;
            free();
        }
    }

    private void free() {
        if (inFlight) {
            return;
        }
        inFlight = true;
        send(context.requests().leases().free(name, id, ++seq, unsaved.position(), asker, now()), result -> {
            inFlight = false;
            freed(result);
        });
    }

    private void freed(GroupWrite result) {
        if (ended) {
            return;
        }
        if (result instanceof GroupWrite.Failed failed) {
            uncertain |= failed.applied();
            due = now().nanos() + LeaseRules.pause(context.settings().lease());
            alarm.at(due);
            return;
        }
        LeaseItem found = context.requests().lease(name, result);
        boolean before = result instanceof GroupWrite.Refused refused
                && ((found != null && id.equals(found.released()))
                        || ((uncertain || refused.repeated()) && !term.over(now().nanos())));
        if (result instanceof GroupWrite.Applied || before) {
            lease.savedAt(unsaved.position());
            end(PartitionLease.End.FREED, asker);
        } else {
            end(PartitionLease.End.LOST, found == null ? null : found.owner());
        }
    }

    private void end(PartitionLease.End how, @Nullable String by) {
        ended = true;
        lease.end();
        unsaved.fail();
        owner.ended(lease, how, by);
    }

    private void send(UpdateItemRequest request, Consumer<GroupWrite> then) {
        CompletableFuture<?> unused = context.table().write(request).thenAccept(result -> context.runtime()
                .execute(() -> then.accept(result)));
    }

    private ClockReading now() {
        return context.runtime().now();
    }
}
