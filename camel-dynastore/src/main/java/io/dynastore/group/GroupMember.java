/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.ServiceClock;
import io.dynastore.store.TableSchema;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A member of a consumer group: it gives signs of life, looks at its group, and takes, asks for and gives up
 * partitions.
 *
 * <p>The public methods are thread safe and never wait. All else runs on the thread of the member, one task at a time.
 *
 * <p>Decision 20 in docs/decisions has the reasons.
 */
public final class GroupMember {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private final GroupContext context;
    private final GroupCounters counters = new GroupCounters();
    private final GroupView view;
    private final Takes takes;
    private final OwnedPartitions owned;
    private final Departure departure;
    private final Watch watch;
    private final SignsOfLife signs;
    private final Looks looks;
    private final Moves moves;

    private volatile List<String> partitions = List.of();
    private volatile @Nullable String conflict;
    private volatile Runnable whenTaken = () -> {};
    private volatile boolean started;

    /** A member that has not started. */
    GroupMember(GroupContext context) {
        this.context = context;
        this.view = new GroupView(context);
        this.owned = new OwnedPartitions(place(), counters);
        this.takes = new Takes(context, counters, new Events(), this::takesPartitions);
        Successors successors = new Successors(context, view, () -> partitions, this::proceedToLeave);
        this.departure = new Departure(owned, takes, successors);
        this.watch = new Watch(context, view, owned, takes, () -> partitions, this::takesPartitions);
        this.signs = new SignsOfLife(
                context, watch, () -> takesPartitions() ? context.settings().most() : 0);
        this.looks = new Looks(context, signs::giveIfDue, this::act);
        this.moves = new Moves(context, view, owned, takes);
    }

    /**
     * A member that has not started.
     *
     * @param client sends its requests; the caller closes it
     * @param schema the table of the group's items
     * @param thread the thread of the member; the caller shuts it down after {@link #close}
     * @param clock the wall clock of this host, which the dates of responses correct, and the ticker
     * @param positions the position of a single consumer in a partition, for partitions that have no lease yet
     */
    public static GroupMember of(
            DynamoDbAsyncClient client,
            TableSchema schema,
            GroupSettings settings,
            ScheduledExecutorService thread,
            ServiceClock clock,
            Function<String, CompletableFuture<@Nullable String>> positions) {
        GroupRequests requests = new GroupRequests(schema, settings);
        return new GroupMember(new GroupContext(
                settings,
                requests,
                new GroupClient(client, requests, settings.lease(), clock, positions),
                new ThreadedRuntime(thread, clock, settings.clockSkew())));
    }

    /**
     * Whether a living member shares something else. Fails with the client's error.
     *
     * @return what the user has to know; null if no member does
     */
    public CompletableFuture<@Nullable String> check() {
        return context.table().items().thenApply(items -> {
            GroupView seen = new GroupView(context);
            seen.read(items, now());
            return seen.conflict();
        });
    }

    /** The settings of the member. */
    public GroupSettings settings() {
        return context.settings();
    }

    /** Counts what has happened since the start. */
    public GroupCounters counters() {
        return counters;
    }

    /** Names the partitions that the group shares, as this member knows them. They may change at any time. */
    public void name(Collection<String> named) {
        List<String> before = partitions;
        List<String> sorted = List.copyOf(new TreeSet<>(named));
        partitions = sorted;
        if (started && !before.equals(sorted) && !new HashSet<>(before).containsAll(sorted)) {
            context.runtime().execute(looks::now);
        }
    }

    /** The partitions that may be read here now, by name. */
    public Map<String, PartitionLease> readable() {
        return owned.readable();
    }

    /** The group as the latest look has shown it. Sends no request. */
    public GroupStatus status() {
        return view.status();
    }

    /** What keeps the member from reading anything, for its user; null if nothing does. */
    public @Nullable String conflict() {
        return conflict;
    }

    /** Why the member has not been able to read or write its group for the length of a lease; null if it has. */
    public @Nullable Throwable failure() {
        Throwable unread = looks.failure();
        return unread == null ? signs.failure() : unread;
    }

    private boolean takesPartitions() {
        return !departure.begun() && conflict == null;
    }

    /**
     * Has this run whenever a partition was taken, on the thread of the member. An error of it is logged.
     *
     * @param task must not wait
     */
    public void whenTaken(Runnable task) {
        whenTaken = task;
    }

    /** Joins the group. */
    public void start() {
        context.runtime().execute(() -> {
            started = true;
            signs.begin();
            looks.begin();
            watch.begin();
        });
    }

    /** Gives all partitions up, and takes none before {@link #resume}. */
    public void suspend() {
        context.runtime().execute(() -> {
            departure.suspend();
            signs.give();
        });
    }

    /** Takes partitions again. */
    public void resume() {
        context.runtime().execute(() -> {
            if (departure.begun() && !departure.leaving()) {
                departure.resume();
                signs.give();
                looks.now();
            }
        });
    }

    /**
     * Gives all partitions up, and leaves the group. A partition that is read here is given up when that ends.
     *
     * @return completes when all partitions are free. Others may not have been {@linkplain #told told} of them
     */
    public CompletableFuture<Void> leave() {
        context.runtime().execute(() -> {
            if (!departure.leaving()) {
                looks.end();
                signs.end();
                departure.leave();
            }
        });
        return departure.left();
    }

    /**
     * Whether a member that leaves has told others of what it has freed. No partition depends on it: what nobody hears
     * of, the next looks of others find.
     *
     * @return completes after that of {@link #leave}, when the last such write has ended
     */
    public CompletableFuture<Void> told() {
        return departure.told();
    }

    /** Ends the member. Partitions that it still has run out. */
    public void close() {
        context.runtime().execute(() -> {
            looks.end();
            signs.stop();
            departure.abandon();
        });
    }

    private void proceedToLeave() {
        departure.proceed();
    }

    /** Acts on what a look has shown. Returns whether the member waits for partitions of others. */
    private boolean act(List<Map<String, AttributeValue>> items) {
        List<String> named = partitions;
        view.read(items, now());
        watch.shown(view.given());
        conflict(view.conflict());
        owned.retain(named);
        if (!takesPartitions()) {
            departure.giveAllUp();
            return false;
        }
        boolean waits = moves.proceed(named);
        view.sweep(now());
        return waits;
    }

    private void conflict(@Nullable String found) {
        if (found != null && !found.equals(conflict)) {
            LOG.error("{}: {}", place(), found);
        }
        conflict = found;
    }

    /** What happens to leases. */
    private final class Events implements Takes.Taker {

        @Override
        public void taken(PartitionLease lease, @Nullable String from) {
            owned.taken(lease, from);
            try {
                whenTaken.run();
            } catch (RuntimeException e) {
                LOG.warn("{}: no poll could be begun for taken partitions. They wait for the next one.", place(), e);
            }
        }

        @Override
        public void notTaken() {
            departure.proceed();
        }

        @Override
        public void ended(PartitionLease lease, PartitionLease.End how, @Nullable String by) {
            owned.ended(lease, how, by);
            if (how == PartitionLease.End.FREED && by == null) {
                departure.freed(lease);
            }
            departure.proceed();
        }

        /** Looks at the group earlier than planned, if the latest look has not shown that. */
        @Override
        public void wanted(PartitionLease lease, String by) {
            LeaseItem item = view.lease(lease.partition());
            if (item == null || !by.equals(item.want())) {
                looks.soon();
            }
        }
    }

    private String place() {
        return "Table " + context.requests().schema().table() + ", group "
                + context.settings().group() + ", member " + context.settings().member();
    }

    private ClockReading now() {
        return context.runtime().now();
    }
}
