/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.Item;
import io.dynastore.store.codec.PayloadCodec;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The items of a list whose payloads are JSON text. A route that asks for text or bytes gets one JSON array. Immutable.
 */
public final class ListedItems extends AbstractList<Item> implements RandomAccess {

    private final List<Item> items;
    private final PayloadCodec codec;

    /**
     * A list with these items.
     *
     * @param items not changed afterwards
     * @param codec wrote their payloads
     */
    ListedItems(List<Item> items, PayloadCodec codec) {
        this.items = items;
        this.codec = codec;
    }

    @Override
    public Item get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    /** The JSON array in UTF-8. */
    byte[] json() {
        return codec.array(items);
    }
}
