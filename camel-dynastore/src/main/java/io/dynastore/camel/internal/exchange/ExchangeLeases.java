/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.lease.Lease;
import io.dynastore.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leases that an exchange has acquired, or the exchange that it is a copy of. An unlock finds its lock here, and
 * a write checks here whether the lock of its fencing token is still held. Immutable. {@link ExchangeState} says which
 * exchange has them.
 */
public final class ExchangeLeases {

    static final ExchangeLeases NONE = new ExchangeLeases(List.of());

    private record Acquired(TableLocation table, Lease lease) {

        boolean isOf(TableLocation other, Key key) {
            return lease.key().equals(key) && SeenVersions.same(table, other);
        }
    }

    private final List<Acquired> leases;

    private ExchangeLeases(List<Acquired> leases) {
        this.leases = leases;
    }

    /** The lease of a lock. */
    public Optional<Lease> lease(TableLocation table, Key key) {
        return leases.stream()
                .filter(acquired -> acquired.isOf(table, key))
                .map(Acquired::lease)
                .findFirst();
    }

    /** The lease with this fencing token. If two locks have the same one, that of the lock that was acquired last. */
    public Optional<Lease> lease(@Nullable Long token) {
        return leases.stream()
                .map(Acquired::lease)
                .filter(lease -> Long.valueOf(lease.token()).equals(token))
                .reduce((earlier, later) -> later);
    }

    /** These leases and one more; it replaces an earlier lease of its lock. */
    public ExchangeLeases with(TableLocation table, Lease lease) {
        List<Acquired> more = others(table, lease.key());
        more.add(new Acquired(table, lease));
        return new ExchangeLeases(more);
    }

    /** These leases without that of a lock. */
    public ExchangeLeases without(TableLocation table, Key key) {
        return new ExchangeLeases(others(table, key));
    }

    private List<Acquired> others(TableLocation table, Key key) {
        List<Acquired> others = new ArrayList<>(leases);
        others.removeIf(acquired -> acquired.isOf(table, key));
        return others;
    }
}
