/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The leases of one {@link Locks}: those that are held, and the latest that were lost. So a caller that looks one up
 * gets its loss. Thread safe.
 */
final class HeldLeases {

    private static final int MOST_LOST = 1000;

    /**
     * The key by which a lease is looked up.
     *
     * @param key the lock
     * @param owner the owner of the lease
     */
    private record Name(Key key, String owner) {}

    private final Map<Name, HeldLease> held = new ConcurrentHashMap<>();
    private volatile boolean givenUp;
    private final LruMap<Name, HeldLease> lost = new LruMap<>(MOST_LOST);

    /** The timer of a held lease refers to this, and so to the locks, which others may refer to weakly. */
    private final Set<Object> reachable = ConcurrentHashMap.newKeySet();

    /** Keeps an object from being garbage collected as long as a lease is held or an acquire is pending. */
    void keepReachable(Object locks) {
        reachable.add(locks);
    }

    void begun(HeldLease lease) {
        Name name = name(lease);
        lost.remove(name);
        held.put(name, lease);
    }

    void lost(HeldLease lease) {
        if (held.remove(name(lease), lease)) {
            lost.put(name(lease), lease);
        }
    }

    void released(HeldLease lease) {
        held.remove(name(lease), lease);
        lost.remove(name(lease));
    }

    Optional<HeldLease> find(Key key, String owner) {
        Name name = new Name(key, owner);
        HeldLease lease = held.get(name);
        return Optional.ofNullable(lease == null ? lost.get(name) : lease);
    }

    /** From now on, failed releases are not sent again: the locks expire. */
    void giveUp() {
        givenUp = true;
    }

    boolean givenUp() {
        return givenUp;
    }

    List<HeldLease> all() {
        return new ArrayList<>(held.values());
    }

    private static Name name(HeldLease lease) {
        return new Name(lease.key(), lease.owner());
    }
}
