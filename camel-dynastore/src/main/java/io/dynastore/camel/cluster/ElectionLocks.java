/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.lease.Lease;
import io.dynastore.lease.LockPage;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Locks;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of one namespace: partition {@code _ds/cluster/<namespace>}, sort key {@code leader} for the leader, and
 * {@code member/<id>} for each member.
 *
 * @param service has the settings of the locks
 * @param locks acquires them
 * @param namespace the namespace of the view
 */
record ElectionLocks(DynaStoreClusterService service, Locks locks, String namespace) {

    static final String LEADER = "leader";
    static final String MEMBER = "member/";

    /** How long to wait for the store when a member leaves, for all that is released together. */
    static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private static final String PARTITION = TableSchema.OWN_PARTITIONS + "cluster/";

    /** In effect without an end: a candidate waits until it is elected or leaves. */
    private static final Duration UNLIMITED = Duration.ofDays(3650);

    /** The id of this member. */
    String self() {
        return locks.owner();
    }

    /** Waits until this member has the leader's lock. */
    CompletableFuture<Lease> acquireLeadership() {
        return locks.acquire(request(LEADER, UNLIMITED));
    }

    /** Tries once to acquire the lock of this member. */
    CompletableFuture<Lease> acquireMembership() {
        return locks.acquire(request(MEMBER + self(), Duration.ZERO));
    }

    /** One page of the locks of leader and members; begins at null. */
    CompletableFuture<LockPage> list(@Nullable Key from) {
        return locks.list(partition(), from);
    }

    /** Releases a lease, and waits for it at most for {@link #LEAVE_TIMEOUT}. */
    void release(Lease lease) {
        await(lease.release(), System.nanoTime() + LEAVE_TIMEOUT.toNanos());
    }

    /**
     * Waits for a release, so that the next leader need not wait. The wait is bounded: a lease that is not released
     * expires.
     *
     * @param end when to stop waiting, by {@link System#nanoTime}
     */
    void await(CompletableFuture<Void> released, long end) {
        try {
            released.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Cluster {}: not all locks were released", namespace, e);
        }
    }

    private LockRequest request(String name, Duration acquireTimeout) {
        return LockRequest.of(Key.of(partition(), name))
                .ttl(service.getLockTtl())
                .clockSkew(service.getClockSkew())
                .pollInterval(service.getPollInterval())
                .takeover(service.getTakeover())
                .acquireTimeout(acquireTimeout)
                .build();
    }

    private String partition() {
        return PARTITION + namespace;
    }
}
