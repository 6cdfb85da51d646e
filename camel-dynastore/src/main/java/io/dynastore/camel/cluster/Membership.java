/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.lease.Lease;
import io.dynastore.lease.LockInfo;
import io.dynastore.lease.LockPage;
import io.dynastore.store.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of the cluster: shows this member to the others by a lock of its own, and reads the locks of the others.
 *
 * <p>Changes run on the event loop. Any thread may call {@link #others} and {@link #leader}.
 *
 * <p>Decision 14 in docs/decisions has the reasons.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private final ElectionLocks locks;
    private final EventLoop events;
    private final Listener listener;

    private @Nullable Lease membership;
    private boolean selfElected;

    private volatile Set<String> others = Set.of();
    private volatile @Nullable String leader;

    /** What a membership reports of the other members, on the event loop. */
    interface Listener {

        void added(String member);

        void removed(String member);

        /** Another member leads; null if none does. Not called while this member is elected. */
        void leaderChanged(@Nullable String member);
    }

    Membership(ElectionLocks locks, EventLoop events, Listener listener) {
        this.locks = locks;
        this.events = events;
        this.listener = listener;
    }

    /** The ids of the other members as they were read last. */
    Set<String> others() {
        return others;
    }

    /** The id of another member that leads; null if none is known to. */
    @Nullable
    String leader() {
        return leader;
    }

    /** While this member is elected, no other member leads, whatever was read before. */
    void selfElected(boolean elected) {
        selfElected = elected;
        leader = elected ? null : leader;
    }

    /** Shows this member to the others until it leaves. */
    void join() {
        if (events.leaving()) {
            return;
        }
        var unused = locks.acquireMembership()
                .whenComplete((lease, error) -> events.soon(() -> {
                    if (lease == null) {
                        LOG.debug("Cluster {}: this member is not visible yet", locks.namespace(), error);
                        events.later(locks.service().getPollInterval(), this::join);
                    } else if (events.leaving()) {
                        locks.release(lease);
                    } else {
                        membership = lease;
                        lease.onLoss(loss -> events.soon(this::join));
                    }
                }));
    }

    /** Returns the release of this member's lock, if it has it. */
    Optional<CompletableFuture<Void>> leave() {
        Lease joined = membership;
        membership = null;
        return joined == null ? Optional.empty() : Optional.of(joined.release());
    }

    /** Reads the other members. If the read fails, the members that were read before stay. */
    void read() {
        read(null, new ArrayList<>());
    }

    private void read(@Nullable Key from, List<LockInfo> held) {
        var unused = locks.list(from)
                .whenComplete((page, error) -> events.soon(() -> {
                    if (page == null) {
                        LOG.debug("Cluster {}: can't read the other members", locks.namespace(), error);
                    } else {
                        add(page, held);
                    }
                }));
    }

    private void add(LockPage page, List<LockInfo> held) {
        page.locks().stream()
                .filter(lock -> lock.state() == LockInfo.State.HELD && lock.owner() != null)
                .forEach(held::add);
        if (page.next() != null) {
            read(page.next(), held);
        } else if (!events.leaving()) {
            update(held);
        }
    }

    private void update(List<LockInfo> held) {
        Set<String> now = new HashSet<>();
        String readLeader = null;
        for (LockInfo lock : held) {
            String name = String.valueOf(lock.key().sortKey());
            String owner = lock.owner();
            if (owner == null || owner.equals(locks.self())) {
                continue;
            }
            if (name.equals(ElectionLocks.LEADER)) {
                readLeader = owner;
            } else if (name.startsWith(ElectionLocks.MEMBER)) {
                now.add(owner);
            }
        }
        Set<String> before = others;
        others = Set.copyOf(now);
        before.stream().filter(id -> !now.contains(id)).forEach(listener::removed);
        now.stream().filter(id -> !before.contains(id)).forEach(listener::added);
        update(readLeader);
    }

    private void update(@Nullable String readLeader) {
        if (!selfElected && !Objects.equals(readLeader, leader)) {
            leader = readLeader;
            listener.leaderChanged(readLeader);
        }
    }
}
