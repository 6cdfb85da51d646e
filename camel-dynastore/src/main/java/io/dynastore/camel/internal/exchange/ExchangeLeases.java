/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.lease.Lease;
import io.dynastore.store.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The leases that an exchange has acquired, or the exchange that it is a copy of. An unlock finds its lock here, and
 * a write checks here whether the lock of its fencing token is still held. Immutable, and kept as a property of the
 * exchange.
 */
public final class ExchangeLeases {

    private static final String PROPERTY = "CamelDynaStoreLeases";
    private static final ExchangeLeases NONE = new ExchangeLeases(Map.of());

    private record Lock(TableLocation table, Key key) {}

    private final Map<Lock, Lease> leases;

    private ExchangeLeases(Map<Lock, Lease> leases) {
        this.leases = leases;
    }

    /** The leases of an exchange; none if it has acquired none. */
    public static ExchangeLeases of(Exchange exchange) {
        return Objects.requireNonNullElse(exchange.getProperty(PROPERTY, ExchangeLeases.class), NONE);
    }

    /** The lease of a lock. */
    public Optional<Lease> lease(TableLocation table, Key key) {
        return Optional.ofNullable(leases.get(new Lock(table, key)));
    }

    /** The lease with this fencing token. */
    public Optional<Lease> lease(@Nullable Long token) {
        return leases.values().stream()
                .filter(lease -> Long.valueOf(lease.token()).equals(token))
                .findFirst();
    }

    /** These leases and one more; it replaces an earlier lease of its lock. */
    public ExchangeLeases with(TableLocation table, Lease lease) {
        Map<Lock, Lease> more = new HashMap<>(leases);
        more.put(new Lock(table, lease.key()), lease);
        return new ExchangeLeases(more);
    }

    /** These leases without that of a lock. */
    public ExchangeLeases without(TableLocation table, Key key) {
        Map<Lock, Lease> fewer = new HashMap<>(leases);
        fewer.remove(new Lock(table, key));
        return new ExchangeLeases(fewer);
    }

    /** Makes these the leases of an exchange. */
    public void keep(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }
}
