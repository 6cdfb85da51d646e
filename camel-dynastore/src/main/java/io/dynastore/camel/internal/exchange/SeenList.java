/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items of a list or batchGet. Thread safe. The search makes an index once, as a split may ask for each item. */
final class SeenList {

    private final TableLocation table;
    private final List<Item> items;
    private final boolean partial;
    private final long time;
    private volatile @Nullable Map<Key, Item> index;

    SeenList(TableLocation table, List<Item> items, boolean partial, long time) {
        this.table = table;
        this.items = items;
        this.partial = partial;
        this.time = time;
    }

    /** When it was read, in the count of {@link SeenVersions}. */
    long time() {
        return time;
    }

    /** Whether the items were read with a selection of their fields. */
    boolean partial() {
        return partial;
    }

    /** The item with this key; null if there is none. */
    @Nullable
    Item item(TableLocation of, Key key) {
        if (!SeenVersions.same(table, of)) {
            return null;
        }
        Map<Key, Item> byKey = index;
        if (byKey == null) {
            byKey = new HashMap<>();
            for (Item item : items) {
                byKey.putIfAbsent(item.key(), item);
            }
            index = byKey;
        }
        return byKey.get(key);
    }
}
