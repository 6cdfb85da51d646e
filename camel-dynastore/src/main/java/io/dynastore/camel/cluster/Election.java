/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.lease.Lease;
import io.dynastore.lease.LeaseState;
import io.dynastore.store.Failures;
import io.dynastore.store.LockNotAcquiredException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The candidacy of this member: it campaigns for the leader's lock, leads, resigns, and campaigns again until it
 * leaves.
 *
 * <p>Changes run on the event loop. Any thread may call {@link #leads}.
 *
 * <p>Decision 14 in docs/decisions has the reasons.
 */
final class Election {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private final ElectionLocks locks;
    private final EventLoop events;
    private final Membership membership;
    private final Listener listener;

    private @Nullable CompletableFuture<Lease> campaign;
    /** Whether a warning has reported that this member can't campaign. */
    private boolean warned;

    private volatile @Nullable Lease leadership;

    /** What an election reports, on the event loop. */
    interface Listener {

        /** This member leads from now on. */
        void leads();

        /** This member no longer leads. */
        void resigned();
    }

    /**
     * An election without a candidate yet.
     *
     * @param membership learns whether this member is elected
     */
    Election(ElectionLocks locks, EventLoop events, Membership membership, Listener listener) {
        this.locks = locks;
        this.events = events;
        this.membership = membership;
        this.listener = listener;
    }

    /** Whether this member leads. Reads the lease, and so the monotonic clock, each time. */
    boolean leads() {
        Lease lease = leadership;
        return lease != null && lease.state() == LeaseState.HELD && lease.isHeld();
    }

    /** Campaigns until this member is elected or leaves. */
    void campaign() {
        if (events.leaving()) {
            return;
        }
        ifAllowed(this::stand, () -> {});
    }

    /**
     * Asks whether the table may have locks, unless that is known.
     *
     * @param action what to do if it may, or if the service could not be asked
     * @param refused what to do before the next campaign if it may not
     */
    private void ifAllowed(Runnable action, Runnable refused) {
        CompletableFuture<Void> checked = locks.service().replication();
        if (checked.isDone() && !checked.isCompletedExceptionally()) {
            action.run();
            return;
        }
        var unused = checked.whenComplete((done, error) -> events.soon(() -> {
            if (error == null) {
                action.run();
            } else {
                refused.run();
                retry(error);
            }
        }));
    }

    private void stand() {
        if (events.leaving()) {
            return;
        }
        CompletableFuture<Lease> started = locks.acquireLeadership();
        campaign = started;
        var unused = started.whenComplete((lease, error) -> events.soon(() -> {
            if (lease != null) {
                // Asked again: a campaign may have begun while the service could not be asked.
                ifAllowed(() -> lead(lease), () -> releaseSoon(lease));
            } else {
                retry(error);
            }
        }));
    }

    /** Not waited for: the store may be out of reach. */
    private static void releaseSoon(Lease lease) {
        var unused = lease.release().exceptionally(error -> null);
    }

    private void retry(@Nullable Throwable error) {
        if (!events.leaving()) {
            report(error);
            events.later(locks.service().getPollInterval(), this::campaign);
        }
    }

    private void lead(Lease lease) {
        if (events.leaving()) {
            locks.release(lease);
            return;
        }
        campaign = null;
        warned = false;
        leadership = lease;
        membership.selfElected(true);
        lease.onRisk(risky -> events.soon(() -> resign(lease)));
        lease.onLoss(loss -> events.soon(() -> resign(lease)));
        LOG.info("Cluster {}: {} leads, token {}", locks.namespace(), locks.self(), lease.token());
        if (leads()) {
            listener.leads();
        } else {
            // The event came late, and the lease is at risk already. No event would follow when it is safe again.
            resign(lease);
        }
    }

    private void resign(Lease lease) {
        if (leadership != lease) {
            return;
        }
        leadership = null;
        membership.selfElected(false);
        LOG.warn("Cluster {}: {} could not renew its lease and no longer leads", locks.namespace(), locks.self());
        try {
            // Told before the release: routes stop before another member can lead.
            listener.resigned();
        } finally {
            releaseSoon(lease);
            campaign();
        }
    }

    /**
     * Ends the campaign or the leadership.
     *
     * @return the release of the leader's lock, if this member was elected
     */
    Optional<CompletableFuture<Void>> leave() {
        CompletableFuture<Lease> started = campaign;
        campaign = null;
        if (started != null) {
            started.cancel(true);
        }
        Lease led = leadership;
        leadership = null;
        if (led == null) {
            return Optional.empty();
        }
        try {
            listener.resigned();
        } catch (RuntimeException | Error e) {
            LOG.warn("Cluster {}: {} leaves, and its listener has failed", locks.namespace(), locks.self(), e);
        }
        return Optional.of(led.release());
    }

    private void report(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Failures.cause(error);
        if (cause instanceof LockNotAcquiredException) {
            warned = false;
            LOG.debug("Cluster {}: not elected yet", locks.namespace(), cause);
        } else if (warned) {
            LOG.debug("Cluster {}: can't stand for election yet", locks.namespace(), cause);
        } else {
            warned = true;
            LOG.warn(
                    "Cluster {}: can't stand for election on table {}, and retries until it can",
                    locks.namespace(),
                    locks.service().getTableName(),
                    cause);
        }
    }
}
