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
    private volatile long version;

    public DeliveredItem(TableLocation table, Item item) {
        this.table = table;
        this.item = item;
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

    /** The version that the exchange wrote last; that of the item as it was read if it wrote none. */
    public long version() {
        return version;
    }

    /** The exchange has written the item. */
    void written(long written) {
        version = written;
    }
}
