/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The claims that an exchange has made, in properties of the exchange.
 *
 * <ol>
 *   <li>Copies of an exchange have its properties. So an exchange to which the completions of another are handed over,
 *       as by {@code seda}, may end the claims of that other.
 *   <li>A copy that finds its key taken is a duplicate, and may not: its own view of the claim is dropped.
 *   <li>The property's name contains the identity of the exchange's clock, which its copies share. So
 *       {@code pollEnrich}, which overwrites the properties of an exchange with those of the one that it takes in, adds
 *       the claims of that one. Their completions come too.
 * </ol>
 *
 * <p>The maps are never changed, since copies share them. An add copies a map, so the claims are spread over many by
 * their hashes: an exchange may have thousands of them.
 *
 * <p>Decision 17 in docs/decisions has the reasons.
 */
final class ExchangeClaims {

    private static final String PREFIX = "CamelDynaStoreIdempotentClaims-";

    private static final int MAPS = 256;

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
        Entry own = entries(exchange, own(exchange, id)).get(id);
        return own != null
                ? own.holder()
                : names(exchange, id).stream()
                        .map(name -> entries(exchange, name).get(id))
                        .filter(Objects::nonNull)
                        .map(Entry::holder)
                        .findFirst()
                        .orElse(null);
    }

    static void put(Exchange exchange, String id, String holder) {
        String name = own(exchange, id);
        Map<String, Entry> entries = new HashMap<>(entries(exchange, name));
        entries.put(id, new Entry(holder, exchange.getExchangeId()));
        exchange.setProperty(name, Map.copyOf(entries));
    }

    static void remove(Exchange exchange, String id) {
        remove(exchange, id, entry -> true);
    }

    /** Drops a claim that another exchange has made, from which this one is a copy. */
    static void removeInherited(Exchange exchange, String id) {
        remove(exchange, id, entry -> !entry.exchangeId().equals(exchange.getExchangeId()));
    }

    private static void remove(Exchange exchange, String id, Predicate<Entry> which) {
        for (String name : names(exchange, id)) {
            Entry entry = entries(exchange, name).get(id);
            if (entry != null && which.test(entry)) {
                Map<String, Entry> entries = new HashMap<>(entries(exchange, name));
                entries.remove(id);
                exchange.setProperty(name, entries.isEmpty() ? null : Map.copyOf(entries));
            }
        }
    }

    private static String own(Exchange exchange, String id) {
        return PREFIX + Integer.toHexString(System.identityHashCode(exchange.getClock())) + suffix(id);
    }

    private static String suffix(String id) {
        return "-" + Math.floorMod(id.hashCode(), MAPS);
    }

    /** The properties that may have a claim of this key. */
    private static List<String> names(Exchange exchange, String id) {
        String suffix = suffix(id);
        return exchange.hasProperties()
                ? exchange.getProperties().keySet().stream()
                        .filter(name -> name.startsWith(PREFIX) && name.endsWith(suffix))
                        .toList()
                : List.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Entry> entries(Exchange exchange, String property) {
        return exchange.getProperty(property) instanceof Map<?, ?> entries ? (Map<String, Entry>) entries : Map.of();
    }
}
