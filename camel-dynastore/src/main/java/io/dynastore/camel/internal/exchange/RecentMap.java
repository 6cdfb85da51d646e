/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that keeps at least the {@value #KEPT} entries that were put last, and at most about twice as many. Immutable.
 * A put copies a few entries, whatever the size.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class RecentMap<K, V> {

    /** How many of the last entries are certainly kept. */
    static final int KEPT = 1000;

    private static final int FEW = 32;

    /** Copied by each put. */
    private final Map<K, V> few;

    /** Copied when there are no longer few. */
    private final Map<K, V> recent;

    /** Dropped when the recent ones have become many. */
    private final Map<K, V> old;

    RecentMap() {
        this(Map.of(), Map.of(), Map.of());
    }

    private RecentMap(Map<K, V> few, Map<K, V> recent, Map<K, V> old) {
        this.few = few;
        this.recent = recent;
        this.old = old;
    }

    @Nullable
    V get(K key) {
        V value = few.get(key);
        if (value == null) {
            value = recent.get(key);
        }
        return value != null ? value : old.get(key);
    }

    RecentMap<K, V> with(K key, V value) {
        // Most exchanges see one item: they need no hash table.
        if (few.isEmpty() || (few.size() == 1 && few.containsKey(key))) {
            return new RecentMap<>(Map.of(key, value), recent, old);
        }
        if (few.size() < FEW || few.containsKey(key)) {
            Map<K, V> more = new HashMap<>(few);
            more.put(key, value);
            return new RecentMap<>(more, recent, old);
        }
        Map<K, V> merged = new HashMap<>(recent);
        merged.putAll(few);
        return merged.size() < KEPT
                ? new RecentMap<>(Map.of(key, value), merged, old)
                : new RecentMap<>(Map.of(key, value), Map.of(), merged);
    }

    /** The number of entries, of which some may have the same key. */
    int size() {
        return few.size() + recent.size() + old.size();
    }
}
