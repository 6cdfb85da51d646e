/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.ServiceClock;
import io.dynastore.store.Failures;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
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

    /** While it waits for partitions that it has asked for, a member looks more often, but not for ever. */
    private static final int QUICK_LOOKS = 16;

    private static final int QUICK = 5;

    private final GroupContext context;
    private final GroupCounters counters = new GroupCounters();
    private final GroupView view;
    private final Takes takes;
    private final OwnedPartitions owned;
    private final Successors successors;
    private final Watch watch;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final CompletableFuture<Void> told = new CompletableFuture<>();

    private volatile List<String> partitions = List.of();
    private volatile @Nullable Throwable failure = new TimeoutException("No response has arrived yet.");
    private volatile @Nullable Throwable beatFailure;
    private volatile @Nullable String conflict;
    private volatile Runnable whenTaken = () -> {};
    private volatile boolean started;
    private volatile long lastLook;
    private volatile long lastSign;
    private volatile GroupStatus status = GroupStatus.UNKNOWN;

    private long joined;
    private long lastBeat;
    private boolean present;
    private int looks;
    private int quick;
    private boolean looking;
    private boolean suspended;
    private boolean leaving;
    /** A member that has not started. */
    GroupMember(GroupContext context) {
        this.context = context;
        this.view = new GroupView(context);
        this.owned = new OwnedPartitions(place(), counters);
        this.takes = new Takes(context, counters, new Events(), this::takesPartitions);
        this.successors = new Successors(context, view, () -> partitions, this::endIfLeft);
        this.watch = new Watch(context, view, owned, takes, () -> partitions, this::takesPartitions);
        this.lastLook = now().nanos();
        this.lastSign = lastLook;
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
            context.runtime().execute(this::look);
        }
    }

    /** The partitions that may be read here now, by name. */
    public Map<String, PartitionLease> readable() {
        return owned.readable();
    }

    /** The group as the latest look has shown it. Sends no request. */
    public GroupStatus status() {
        return status;
    }

    /** What keeps the member from reading anything, for its user; null if nothing does. */
    public @Nullable String conflict() {
        return conflict;
    }

    /** Why the member has not been able to read or write its group for the length of a lease; null if it has. */
    public @Nullable Throwable failure() {
        long now = context.runtime().now().nanos();
        long lease = context.settings().lease().toNanos();
        Throwable unread = now - lastLook > lease ? unread() : null;
        return unread == null && now - lastSign > lease ? beatFailure : unread;
    }

    private Throwable unread() {
        Throwable known = failure;
        return known == null ? new TimeoutException("The member has stood still.") : known;
    }

    private boolean takesPartitions() {
        return !leaving && !suspended && conflict == null;
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
            lastLook = now().nanos();
            lastSign = lastLook;
            joined = now().wall().toEpochMilli();
            beat();
            long pause = context.settings().interval().toNanos() / QUICK;
            lookAfter((long) (pause * context.runtime().random().nextDouble()));
            watch.begin();
        });
    }

    /** Gives all partitions up, and takes none before {@link #resume}. */
    public void suspend() {
        context.runtime().execute(() -> {
            startToGiveUp();
            suspended = true;
            giveAllUp();
            beat();
        });
    }

    /** Takes partitions again. */
    public void resume() {
        context.runtime().execute(() -> {
            if (suspended) {
                suspended = false;
                beat();
                look();
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
            if (!leaving) {
                startToGiveUp();
                leaving = true;
                CompletableFuture<?> unused = context.table()
                        .remove(context.requests().memberKey(context.settings().member()));
                giveAllUp();
                endIfLeft();
            }
        });
        return left;
    }

    /**
     * Whether a member that leaves has told others of what it has freed. No partition depends on it: what nobody hears
     * of, the next looks of others find.
     *
     * @return completes after that of {@link #leave}, when the last such write has ended
     */
    public CompletableFuture<Void> told() {
        return told;
    }

    /** Ends the member. Partitions that it still has run out. */
    public void close() {
        context.runtime().execute(() -> {
            leaving = true;
            owned.abandon();
            left.complete(null);
            told.complete(null);
        });
    }

    private void startToGiveUp() {
        if (!suspended) {
            successors.begin();
        }
    }

    private void giveAllUp() {
        takes.clear();
        owned.giveUpIf(lease -> true);
    }

    private void endIfLeft() {
        if (leaving && owned.all().isEmpty() && takes.pending().isEmpty()) {
            left.complete(null);
            if (successors.idle()) {
                told.complete(null);
            }
        }
    }

    private void beat() {
        if (!leaving) {
            lastBeat = now().nanos();
            int most = suspended || conflict != null ? 0 : context.settings().most();
            CompletableFuture<?> unused = context.table()
                    .write(context.requests().beat(most, joined, !present, watch.heard(), now()))
                    .thenAccept(result -> context.runtime().execute(() -> beaten(result)));
        }
    }

    private void beaten(GroupWrite result) {
        present = present ? !(result instanceof GroupWrite.Refused) : result instanceof GroupWrite.Applied;
        beatFailure = result instanceof GroupWrite.Failed failed ? failed.cause() : null;
        if (beatFailure == null) {
            lastSign = now().nanos();
        }
    }

    private void lookAfter(long nanos) {
        int number = ++looks;
        context.runtime().after(nanos, () -> {
            if (number == looks) {
                look();
            }
        });
    }

    private void look() {
        if (leaving || looking) {
            return;
        }
        looking = true;
        try {
            if (now().nanos() - lastBeat > context.settings().interval().toNanos() / 2) {
                beat();
            }
            CompletableFuture<?> unused = context.table().items().whenComplete((items, error) -> context.runtime()
                    .execute(() -> looked(items, error)));
        } catch (RuntimeException | Error e) {
            looked(null, e);
            throw e;
        }
    }

    private void looked(@Nullable List<Map<String, AttributeValue>> items, @Nullable Throwable error) {
        looking = false;
        if (leaving) {
            return;
        }
        boolean waits = false;
        try {
            if (items == null) {
                failure = error == null ? null : Failures.cause(error);
            } else {
                waits = act(items);
                failure = null;
                lastLook = now().nanos();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            lookAgain(waits);
        }
    }

    /** Whatever a look has come to, another one follows. */
    private void lookAgain(boolean waits) {
        quick = waits ? quick + 1 : 0;
        long interval = context.settings().interval().toNanos();
        long next = waits && quick <= QUICK_LOOKS ? interval / QUICK : interval;
        lookAfter((long) (next * (0.9 + 0.1 * context.runtime().random().nextDouble())));
    }

    /** Follows the plan. Returns whether the member waits for partitions of others. */
    private boolean act(List<Map<String, AttributeValue>> items) {
        List<String> named = partitions;
        view.read(items, now());
        status = view.status();
        watch.shown(view.given());
        conflict(view.conflict());
        owned.retain(named);
        if (suspended || conflict != null) {
            giveAllUp();
            return false;
        }
        Set<String> held = new TreeSet<>(takes.pending());
        held.addAll(owned.kept());
        held.retainAll(new HashSet<>(named));
        Map<String, Plan.Seen> seen = view.seen(named, owned.all(), now());
        SortedMap<String, Integer> capacities = view.capacities();
        Balance balance =
                Balance.of(named, capacities, Plan.owners(context.settings().member(), held, named, seen));
        Plan plan = Plan.of(
                context.settings().member(),
                held,
                balance,
                capacities.keySet(),
                seen,
                GroupRules.mostTakes(balance.share(context.settings().member())));
        follow(plan);
        view.sweep(now());
        return !plan.asks().isEmpty();
    }

    private void follow(Plan plan) {
        owned.giveUpIf(lease -> {
            LeaseItem item = view.lease(lease.partition());
            return item != null && lease.shownBy(item) && GroupRules.NOBODY.equals(item.want());
        });
        plan.yields().forEach(owned::handOver);
        for (String partition : plan.asks()) {
            LeaseItem item = view.lease(partition);
            if (item != null
                    && item.holder() != null
                    && !context.settings().member().equals(item.want())) {
                CompletableFuture<?> unused =
                        context.table().write(context.requests().ask(item.partition(), item.holder()));
            }
        }
        takes.clear();
        for (String partition : plan.takes()) {
            if (!owned.all().containsKey(partition)) {
                takes.take(partition, view.lease(partition), view.observation(partition));
            }
        }
        takes.proceed();
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
            endIfLeft();
        }

        @Override
        public void ended(PartitionLease lease, PartitionLease.End how, @Nullable String by) {
            owned.ended(lease, how, by);
            if (how == PartitionLease.End.FREED && by == null && (leaving || suspended)) {
                successors.freed(lease.partition(), lease.token());
            }
            endIfLeft();
        }

        /** Looks at the group earlier than planned, if the latest look has not shown that. */
        @Override
        public void wanted(PartitionLease lease, String by) {
            LeaseItem item = view.lease(lease.partition());
            Duration since = Duration.ofNanos(now().nanos() - lastLook);
            if ((item == null || !by.equals(item.want()))
                    && since.compareTo(context.settings().interval().dividedBy(QUICK)) > 0) {
                look();
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
