/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Item;

/**
 * An item that a consumer has delivered, and the version that its exchange wrote last. All copies of the exchange share
 * it, so that a write of any of them counts. Thread safe.
 */
public final class DeliveredItem {

    private final TableLocation table;
    private final Item item;
    private final boolean partial;
    private volatile long version;

    /**
     * An item that is not written yet.
     *
     * @param partial whether it was read with a selection of its fields
     */
    public DeliveredItem(TableLocation table, Item item, boolean partial) {
        this.table = table;
        this.item = item;
        this.partial = partial;
        this.version = item.version();
    }

    /** The table that it is from. */
    public TableLocation table() {
        return table;
    }

    /** The item as it was read. */
    public Item item() {
        return item;
    }

    /** Whether it was read with a selection of its fields. */
    boolean partial() {
        return partial;
    }

    /** The version that the exchange wrote last; that of the item as it was read if it wrote none. */
    public long version() {
        return version;
    }

    /** The exchange has written the item. */
    void written(long written) {
        version = written;
    }
}
