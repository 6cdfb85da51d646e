/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The claims that an exchange has made, in a property of the exchange.
 *
 * <p>Copies of an exchange have its properties. So an exchange to which the completions of another are handed over, as
 * by {@code seda}, may end the claims of that other. A copy that finds its key taken is a duplicate, and may not: its
 * own view of the claim is dropped. The maps are never changed, since copies share them.
 *
 * <p>Decision 17 in docs/decisions has the reasons.
 */
final class ExchangeClaims {

    static final String PROPERTY = "CamelDynaStoreIdempotentClaims";

    private ExchangeClaims() {}

    /**
     * A claim as an exchange knows it.
     *
     * @param holder the id of the add
     * @param exchangeId the exchange that has made it
     */
    record Entry(String holder, String exchangeId) {}

    /** The holder with which this exchange may end its claim of a key; null if it has none. */
    static @Nullable String holder(Exchange exchange, String id) {
        Entry entry = entries(exchange).get(id);
        return entry == null ? null : entry.holder();
    }

    static void put(Exchange exchange, String id, String holder) {
        Map<String, Entry> entries = new HashMap<>(entries(exchange));
        entries.put(id, new Entry(holder, exchange.getExchangeId()));
        exchange.setProperty(PROPERTY, Map.copyOf(entries));
    }

    static void remove(Exchange exchange, String id) {
        Map<String, Entry> entries = new HashMap<>(entries(exchange));
        if (entries.remove(id) != null) {
            exchange.setProperty(PROPERTY, Map.copyOf(entries));
        }
    }

    /** Drops a claim that another exchange has made, from which this one is a copy. */
    static void removeInherited(Exchange exchange, String id) {
        Entry entry = entries(exchange).get(id);
        if (entry != null && !entry.exchangeId().equals(exchange.getExchangeId())) {
            remove(exchange, id);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Entry> entries(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof Map<?, ?> entries ? (Map<String, Entry>) entries : Map.of();
    }
}
