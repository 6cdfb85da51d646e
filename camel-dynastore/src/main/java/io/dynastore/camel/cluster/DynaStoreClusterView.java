/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.lease.Lease;
import io.dynastore.lease.LeaseState;
import io.dynastore.lease.LockInfo;
import io.dynastore.lease.LockPage;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Locks;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One namespace as this member sees it.
 *
 * <ol>
 *   <li>Whether this member leads is asked of its lease each time, and so of the monotonic clock; no flag can be left standing.
 *   <li>A lease that is at risk leads no more, and is given up at once: a third of it is left for routes to stop in. Then the member
 *       stands for election again.
 *   <li>All events are told by one thread, in the order in which they happened. A listener that blocks delays the events behind it,
 *       not the truth of {@link CamelClusterMember#isLeader}.
 *   <li>What the other members are is read every third of a lease, and may be that old.
 * </ol>
 */
public final class DynaStoreClusterView extends AbstractCamelClusterView {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private static final String PARTITION = TableSchema.OWN_PARTITIONS + "cluster/";
    private static final String LEADER = "leader";
    private static final String MEMBER = "member/";

    /** As good as for ever: whoever waits to lead waits until it leads or leaves. */
    private static final Duration LONG = Duration.ofDays(3650);

    /** How long to wait for the store at the end, for all that is released together. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final DynaStoreClusterService service;
    private final String partition;

    private volatile @Nullable ScheduledExecutorService thread;
    /** The same thread while this member leaves. */
    private volatile @Nullable ExecutorService ending;

    private @Nullable CompletableFuture<Lease> campaign;
    private @Nullable Lease membership;
    /** It was told that this member can't stand for election. */
    private boolean troubled;

    private volatile @Nullable Lease leadership;
    private volatile @Nullable String localId;
    private volatile Set<String> others = Set.of();
    private volatile @Nullable String foreignLeader;

    DynaStoreClusterView(DynaStoreClusterService service, String namespace) {
        super(service, namespace);
        this.service = service;
        this.partition = PARTITION + namespace;
    }

    @Override
    public Optional<CamelClusterMember> getLeader() {
        if (leads()) {
            return Optional.of(getLocalMember());
        }
        String leader = foreignLeader;
        return leader == null ? Optional.empty() : Optional.of(other(leader));
    }

    @Override
    public CamelClusterMember getLocalMember() {
        String id = localId;
        return new ClusterMember(id == null ? "stopped" : id, true, this::leads);
    }

    @Override
    public List<CamelClusterMember> getMembers() {
        List<CamelClusterMember> members = new ArrayList<>();
        if (localId != null) {
            members.add(getLocalMember());
        }
        others.forEach(id -> members.add(other(id)));
        return members;
    }

    private boolean leads() {
        Lease lease = leadership;
        return lease != null && lease.state() == LeaseState.HELD && lease.isHeld();
    }

    private CamelClusterMember other(String id) {
        return new ClusterMember(id, false, () -> id.equals(foreignLeader));
    }

    @Override
    protected void doStart() {
        Locks locks = service.locks();
        localId = locks.owner();
        ScheduledExecutorService events = getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "DynaStoreCluster " + getNamespace());
        thread = events;
        long period = Math.max(10, service.getLockTtl().toMillis() / 3);
        events.execute(safely(() -> join(locks)));
        events.execute(safely(() -> stand(locks)));
        var unused = events.scheduleWithFixedDelay(safely(() -> look(locks)), 0, period, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        beginToLeave(System.nanoTime() + PATIENCE.toNanos());
        ExecutorService last = ending;
        ending = null;
        if (last == null) {
            return;
        }
        getCamelContext().getExecutorServiceManager().shutdownGraceful(last, PATIENCE.toMillis());
        localId = null;
        others = Set.of();
        foreignLeader = null;
    }

    /**
     * Has it leave, and doesn't wait for it. Does nothing if it has begun to.
     *
     * @param end until when it may wait for the store, by {@link System#nanoTime}
     */
    synchronized void beginToLeave(long end) {
        ScheduledExecutorService events = thread;
        thread = null;
        if (events != null) {
            ending = events;
            var unused = events.submit(safely(() -> leave(end)));
        }
    }

    private void leave(long end) {
        CompletableFuture<Lease> standing = campaign;
        campaign = null;
        if (standing != null) {
            standing.cancel(true);
        }
        List<CompletableFuture<Void>> releases = new ArrayList<>();
        Lease led = leadership;
        leadership = null;
        if (led != null) {
            tell(null);
            releases.add(led.release());
        }
        Lease joined = membership;
        membership = null;
        if (joined != null) {
            releases.add(joined.release());
        }
        await(CompletableFuture.allOf(releases.toArray(CompletableFuture<?>[]::new)), end);
    }

    /** Shows this member to the others, again and again until it leaves. */
    private void join(Locks locks) {
        if (leaving()) {
            return;
        }
        var unused = locks.acquire(request(MEMBER + locks.owner(), Duration.ZERO))
                .whenComplete((lease, error) -> soon(() -> {
                    if (lease == null) {
                        LOG.debug("Cluster {}: this member is not visible yet", getNamespace(), error);
                        later(() -> join(locks));
                    } else if (leaving()) {
                        release(lease);
                    } else {
                        membership = lease;
                        lease.onLoss(loss -> soon(() -> join(locks)));
                    }
                }));
    }

    /** Stands for election until it is won, or this member leaves. */
    private void stand(Locks locks) {
        if (leaving()) {
            return;
        }
        CompletableFuture<Lease> standing = locks.acquire(request(LEADER, LONG));
        campaign = standing;
        var unused = standing.whenComplete((lease, error) -> soon(() -> {
            if (lease != null) {
                lead(locks, lease);
            } else if (!leaving()) {
                report(error);
                later(() -> stand(locks));
            }
        }));
    }

    private void lead(Locks locks, Lease lease) {
        if (leaving()) {
            release(lease);
            return;
        }
        campaign = null;
        troubled = false;
        leadership = lease;
        foreignLeader = null;
        lease.onRisk(risky -> soon(() -> resign(locks, lease)));
        lease.onLoss(loss -> soon(() -> resign(locks, lease)));
        LOG.info("Cluster {}: {} leads, token {}", getNamespace(), locks.owner(), lease.token());
        if (leads()) {
            tell(getLocalMember());
        } else {
            // The news came late, and it is at risk already: nobody would be told when it is safe again.
            resign(locks, lease);
        }
    }

    private void resign(Locks locks, Lease lease) {
        if (leadership != lease) {
            return;
        }
        leadership = null;
        LOG.warn("Cluster {}: {} could not renew its lease and leads no more", getNamespace(), locks.owner());
        tell(null);
        // Not waited for: the store may be out of reach.
        var unused = lease.release().exceptionally(error -> null);
        stand(locks);
    }

    private void report(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Failures.cause(error);
        if (cause instanceof LockNotAcquiredException) {
            troubled = false;
            LOG.debug("Cluster {}: not elected yet", getNamespace(), cause);
        } else if (troubled) {
            LOG.debug("Cluster {}: can't stand for election yet", getNamespace(), cause);
        } else {
            troubled = true;
            LOG.warn(
                    "Cluster {}: can't stand for election on table {}, and tries again until it can",
                    getNamespace(),
                    service.getTableName(),
                    cause);
        }
    }

    /** Reads who is there. A response that does not come leaves what was known. */
    private void look(Locks locks) {
        look(locks, null, new ArrayList<>());
    }

    private void look(Locks locks, @Nullable Key from, List<LockInfo> held) {
        var unused = locks.list(partition, from)
                .whenComplete((page, error) -> soon(() -> {
                    if (page == null) {
                        LOG.debug("Cluster {}: can't see the others", getNamespace(), error);
                    } else {
                        see(locks, page, held);
                    }
                }));
    }

    private void see(Locks locks, LockPage page, List<LockInfo> held) {
        page.locks().stream()
                .filter(lock -> lock.state() == LockInfo.State.HELD && lock.owner() != null)
                .forEach(held::add);
        if (page.next() != null) {
            look(locks, page.next(), held);
        } else if (!leaving()) {
            update(locks.owner(), held);
        }
    }

    private void update(String self, List<LockInfo> held) {
        Set<String> now = new HashSet<>();
        String leader = null;
        for (LockInfo lock : held) {
            String name = String.valueOf(lock.key().sortKey());
            String owner = lock.owner();
            if (owner == null || owner.equals(self)) {
                continue;
            }
            if (name.equals(LEADER)) {
                leader = owner;
            } else if (name.startsWith(MEMBER)) {
                now.add(owner);
            }
        }
        Set<String> before = others;
        others = Set.copyOf(now);
        before.stream().filter(id -> !now.contains(id)).map(this::other).forEach(this::fireMemberRemovedEvent);
        now.stream().filter(id -> !before.contains(id)).map(this::other).forEach(this::fireMemberAddedEvent);
        announce(leader);
    }

    /** Tells of another leader; of this one it was told when the lead was taken. */
    private void announce(@Nullable String leader) {
        if (leadership != null || Objects.equals(leader, foreignLeader)) {
            return;
        }
        foreignLeader = leader;
        tell(leader == null ? null : other(leader));
    }

    /** A listener's error must not keep the lead from being given back. */
    private void tell(@Nullable CamelClusterMember leader) {
        safely(() -> fireLeadershipChangedEvent(leader)).run();
    }

    private LockRequest request(String name, Duration patience) {
        return LockRequest.of(Key.of(partition, name))
                .ttl(service.getLockTtl())
                .clockSkew(service.getClockSkew())
                .pollInterval(service.getPollInterval())
                .takeover(service.getTakeover())
                .acquireTimeout(patience)
                .build();
    }

    private void release(Lease lease) {
        await(lease.release(), System.nanoTime() + PATIENCE.toNanos());
    }

    /** Waits, so that the one that stops hands over at once; bounded, since a lease that is not released runs out. */
    private void await(CompletableFuture<Void> released, long end) {
        try {
            released.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Cluster {}: not all was released", getNamespace(), e);
        }
    }

    private boolean leaving() {
        return thread == null;
    }

    private void soon(Runnable task) {
        ScheduledExecutorService events = thread;
        try {
            if (events != null) {
                events.execute(safely(task));
                return;
            }
        } catch (RejectedExecutionException e) {
            // It leaves: see below.
        }
        task.run();
    }

    private void later(Runnable task) {
        ScheduledExecutorService events = thread;
        if (events != null) {
            var unused = events.schedule(safely(task), service.getPollInterval().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A listener's error ends nothing but the telling of its event. */
    private Runnable safely(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("Cluster {}: an error is ignored", getNamespace(), e);
            }
        };
    }
}
