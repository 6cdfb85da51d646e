/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import io.dynastore.lease.ServiceClock;
import io.dynastore.store.Failures;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
 */
public final class GroupMember {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    /** While it waits for partitions that it has asked for, a member looks more often, but not for ever. */
    private static final int QUICK_LOOKS = 10;

    private static final int QUICK = 5;

    private final GroupContext context;
    private final GroupCounters counters = new GroupCounters();
    private final GroupView view;
    private final Takes takes;
    private final Map<String, PartitionLease> leases = new HashMap<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    private volatile Map<String, PartitionLease> readable = Map.of();
    private volatile List<String> partitions = List.of();
    private volatile @Nullable Throwable failure;
    private volatile @Nullable String conflict;
    private volatile long lastLook;
    private volatile GroupStatus status = GroupStatus.UNKNOWN;

    private long joined;
    private long lastBeat;
    private boolean present;
    private int looks;
    private int quick;
    private boolean looking;
    private boolean suspended;
    private boolean leaving;
    private boolean closed;

    /** A member that has not started. */
    GroupMember(GroupContext context) {
        this.context = context;
        this.view = new GroupView(context);
        this.takes = new Takes(context, counters, new Events(), () -> !leaving && !suspended && conflict == null);
        this.lastLook = context.runtime().now().nanos();
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
        partitions = List.copyOf(new TreeSet<>(named));
    }

    /** The partitions that may be read here now, by name. */
    public Map<String, PartitionLease> readable() {
        return readable;
    }

    /** The group as the latest look has shown it. Sends no request. */
    public GroupStatus status() {
        return status;
    }

    /** What keeps the member from reading anything, for its user; null if nothing does. */
    public @Nullable String conflict() {
        return conflict;
    }

    /** Why the member has not been able to look at its group for the length of a lease; null if it has. */
    public @Nullable Throwable failure() {
        long since = context.runtime().now().nanos() - lastLook;
        return since > context.settings().lease().toNanos() ? failure : null;
    }

    /** Joins the group. */
    public void start() {
        context.runtime().execute(() -> {
            joined = now().wall().toEpochMilli();
            beat();
            long pause = context.settings().interval().toNanos() / QUICK;
            lookAfter((long) (pause * context.runtime().random().nextDouble()));
        });
    }

    /** Gives all partitions up, and takes none before {@link #resume}. */
    public void suspend() {
        context.runtime().execute(() -> {
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
     * @return completes when all partitions are free
     */
    public CompletableFuture<Void> leave() {
        context.runtime().execute(() -> {
            if (!leaving) {
                leaving = true;
                CompletableFuture<?> unused = context.table()
                        .remove(context.requests().memberKey(context.settings().member()));
                giveAllUp();
                endIfLeft();
            }
        });
        return left;
    }

    /** Ends the member. Partitions that it still has run out. */
    public void close() {
        context.runtime().execute(() -> {
            closed = true;
            leaving = true;
            List.copyOf(leases.values()).forEach(PartitionLease::abandon);
            left.complete(null);
        });
    }

    private void giveAllUp() {
        takes.clear();
        List.copyOf(leases.values()).forEach(lease -> lease.drain(null));
        publish();
    }

    private void endIfLeft() {
        if (leaving && leases.isEmpty() && takes.pending().isEmpty()) {
            left.complete(null);
        }
    }

    private void beat() {
        if (!leaving) {
            lastBeat = now().nanos();
            int most = suspended || conflict != null ? 0 : context.settings().most();
            CompletableFuture<?> unused = context.table()
                    .write(context.requests().beat(most, joined, !present, now()))
                    .thenAccept(result -> context.runtime()
                            .execute(() -> present = present
                                    ? !(result instanceof GroupWrite.Refused)
                                    : result instanceof GroupWrite.Applied));
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
        if (now().nanos() - lastBeat > context.settings().interval().toNanos() / 2) {
            beat();
        }
        CompletableFuture<?> unused = context.table().items().whenComplete((items, error) -> context.runtime()
                .execute(() -> looked(items, error)));
    }

    private void looked(@Nullable List<Map<String, AttributeValue>> items, @Nullable Throwable error) {
        looking = false;
        if (leaving) {
            return;
        }
        boolean waits = false;
        if (items == null) {
            failure = error == null ? null : Failures.cause(error);
        } else {
            failure = null;
            lastLook = now().nanos();
            waits = act(items);
        }
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
        conflict(view.conflict());
        giveUpUnlisted(named);
        if (suspended || conflict != null) {
            giveAllUp();
            return false;
        }
        Set<String> held = new TreeSet<>(takes.pending());
        leases.forEach((partition, lease) -> {
            if (!lease.leaving()) {
                held.add(partition);
            }
        });
        held.retainAll(new HashSet<>(named));
        Map<String, Plan.Seen> seen = view.seen(named, leases, now());
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
        if (Boolean.getBoolean("gdebug")) System.out.println("DBG " + now().wall().toEpochMilli() % 1000000 + " " + context.settings().member() + " held " + held + " cap " + capacities.keySet() + " seen " + seen.toString().replace("Seen","").replace("owner=","").replace("takeable=","").replace("wantedBy","want") + " " + plan);
        follow(plan);
        view.sweep(now());
        return !plan.asks().isEmpty();
    }

    private void follow(Plan plan) {
        List.copyOf(leases.values()).forEach(lease -> {
            LeaseItem item = view.lease(lease.partition());
            if (item != null && lease.shownBy(item) && GroupRules.NOBODY.equals(item.want())) {
                lease.drain(null);
            }
        });
        plan.yields().forEach((partition, asker) -> {
            PartitionLease lease = leases.get(partition);
            if (lease != null) {
                counters.moved();
                lease.drain(asker);
            }
        });
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
            if (!leases.containsKey(partition)) {
                takes.take(partition, view.lease(partition), view.observation(partition));
            }
        }
        takes.proceed();
        publish();
    }

    private void conflict(@Nullable String found) {
        if (found != null && !found.equals(conflict)) {
            LOG.error("{}: {}", place(), found);
        }
        conflict = found;
    }

    private void giveUpUnlisted(List<String> named) {
        Set<String> listed = new HashSet<>(named);
        List.copyOf(leases.values()).forEach(lease -> {
            if (!listed.contains(lease.partition())) {
                lease.drain(null);
            }
        });
    }

    /** What happens to leases. */
    private final class Events implements Takes.Taker {

        @Override
        public void taken(PartitionLease lease, @Nullable String from) {
            counters.taken(from != null);
            log(lease, from == null ? "taken" : "taken over from " + from);
            leases.put(lease.partition(), lease);
            lease.begin();
            publish();
        }

        @Override
        public void notTaken() {
            endIfLeft();
        }

        @Override
        public void ended(PartitionLease lease, PartitionLease.End how, @Nullable String by) {
            leases.remove(lease.partition(), lease);
            publish();
            if (how == PartitionLease.End.FREED) {
                log(lease, by == null ? "freed" : "freed for " + by);
            } else {
                counters.lost();
                log(lease, lostTo(how, by));
            }
            endIfLeft();
        }

        private String lostTo(PartitionLease.End how, @Nullable String by) {
            if (how == PartitionLease.End.EXPIRED) {
                return closed ? "left to its lease" : "lost, because it was not renewed in time";
            }
            return by == null ? "lost" : "lost to " + by;
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

    private void publish() {
        Map<String, PartitionLease> open = new TreeMap<>();
        leases.forEach((partition, lease) -> {
            if (!lease.leaving()) {
                open.put(partition, lease);
            }
        });
        readable = Collections.unmodifiableMap(open);
    }

    private void log(PartitionLease lease, String what) {
        LOG.info("{}: partition {} {}, token {}", place(), lease.partition(), what, lease.token());
    }

    private String place() {
        return "Table " + context.requests().schema().table() + ", group "
                + context.settings().group() + ", member " + context.settings().member();
    }

    private ClockReading now() {
        return context.runtime().now();
    }
}
