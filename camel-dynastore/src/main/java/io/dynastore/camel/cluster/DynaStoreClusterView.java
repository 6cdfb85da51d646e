/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;

/**
 * One namespace as this member sees it.
 *
 * <ol>
 *   <li>Whether this member leads is read from its lease each time, and so from the monotonic clock. No flag can become
 *       stale.
 *   <li>If the lease is at risk, this member no longer leads, and releases it at once. A third of the lease is left for
 *       routes to stop in. Then the member campaigns again.
 *   <li>One thread fires all events, in the order in which they happened. A listener that blocks delays the events
 *       behind it, not the truth of {@link CamelClusterMember#isLeader}.
 *   <li>The other members are read every third of a lease. What is known of them may be that old.
 * </ol>
 *
 * <p>Decision 14 in docs/decisions has the reasons.
 */
public final class DynaStoreClusterView extends AbstractCamelClusterView {

    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(10);

    private final DynaStoreClusterService service;
    private final ClusterListeners listeners;
    private volatile @Nullable Started started;

    /**
     * The parts of a view that live from its start to its stop.
     *
     * @param self the id of this member
     */
    private record Started(
            String self, ElectionLocks locks, EventLoop events, Election election, Membership membership) {}

    DynaStoreClusterView(DynaStoreClusterService service, String namespace) {
        super(service, namespace);
        this.service = service;
        this.listeners = new ClusterListeners(this, service.listenerFailures());
    }

    @Override
    public void addEventListener(@Nullable CamelClusterEventListener listener) {
        if (listener != null) {
            listeners.add(listener, this::tellPresent);
        }
    }

    private void tellPresent(ClusterListeners late) {
        if (isRunAllowed()) {
            late.leadershipChanged(getLeader().orElse(null));
            getMembers().forEach(late::memberAdded);
        }
    }

    @Override
    public void removeEventListener(@Nullable CamelClusterEventListener listener) {
        if (listener != null) {
            listeners.remove(listener);
        }
    }

    @Override
    public Optional<CamelClusterMember> getLeader() {
        if (leads()) {
            return Optional.of(getLocalMember());
        }
        return Optional.ofNullable(otherLeader()).map(this::other);
    }

    @Override
    public CamelClusterMember getLocalMember() {
        Started now = started;
        return new ClusterMember(now == null ? "stopped" : now.self(), true, this::leads);
    }

    @Override
    public List<CamelClusterMember> getMembers() {
        Started now = started;
        List<CamelClusterMember> members = new ArrayList<>();
        if (now != null) {
            members.add(getLocalMember());
            now.membership().others().forEach(id -> members.add(other(id)));
        }
        return members;
    }

    private boolean leads() {
        Started now = started;
        return now != null && now.election().leads();
    }

    private @Nullable String otherLeader() {
        Started now = started;
        return now == null ? null : now.membership().leader();
    }

    private CamelClusterMember other(String id) {
        return new ClusterMember(id, false, () -> id.equals(otherLeader()));
    }

    @Override
    protected void doStart() {
        ElectionLocks locks = new ElectionLocks(service, service.locks(), getNamespace());
        ScheduledExecutorService thread = getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "DynaStoreCluster " + getNamespace());
        EventLoop events = new EventLoop(thread, getNamespace());
        Membership membership = new Membership(locks, events, new MembershipEvents());
        Election election = new Election(locks, events, membership, new ElectionEvents());
        started = new Started(locks.self(), locks, events, election, membership);
        events.soon(membership::join);
        events.soon(election::campaign);
        events.repeatedly(readPeriod(), membership::read);
    }

    private Duration readPeriod() {
        Duration third = service.getLockTtl().dividedBy(3);
        return third.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : third;
    }

    @Override
    protected void doStop() {
        beginToLeave(System.nanoTime() + ElectionLocks.LEAVE_TIMEOUT.toNanos());
        Started last = started;
        if (last != null) {
            getCamelContext()
                    .getExecutorServiceManager()
                    .shutdownGraceful(last.events().thread(), ElectionLocks.LEAVE_TIMEOUT.toMillis());
            started = null;
        }
    }

    /**
     * Starts to leave, and doesn't wait for it. Does nothing if this member leaves already.
     *
     * @param end when to stop waiting for the store, by {@link System#nanoTime}
     */
    void beginToLeave(long end) {
        Started now = started;
        if (now != null) {
            now.events().leave(() -> leave(now, end));
        }
    }

    /** Both locks are released at the same time. */
    private static void leave(Started now, long end) {
        CompletableFuture<?>[] releases = Stream.of(
                        now.election().leave(), now.membership().leave())
                .flatMap(Optional::stream)
                .toArray(CompletableFuture<?>[]::new);
        now.locks().await(CompletableFuture.allOf(releases), end);
    }

    private final class ElectionEvents implements Election.Listener {

        @Override
        public void leads() {
            listeners.leadershipChanged(getLocalMember());
        }

        @Override
        public void resigned() {
            listeners.leadershipChanged(null);
        }
    }

    private final class MembershipEvents implements Membership.Listener {

        @Override
        public void added(String member) {
            listeners.memberAdded(other(member));
        }

        @Override
        public void removed(String member) {
            listeners.memberRemoved(other(member));
        }

        @Override
        public void leaderChanged(@Nullable String member) {
            listeners.leadershipChanged(member == null ? null : other(member));
        }
    }
}
