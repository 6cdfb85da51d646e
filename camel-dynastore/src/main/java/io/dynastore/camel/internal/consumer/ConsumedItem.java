/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.DeliveredItem;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.UnreadableItemException;
import org.jspecify.annotations.Nullable;

/**
 * An item as a consumer has read it.
 *
 * @param delivered the item; only key, version and expiry if it can't be read
 * @param error why it can't be read; null if it was read
 */
record ConsumedItem(DeliveredItem delivered, @Nullable UnreadableItemException error) {

    /**
     * The item at this index of a page.
     *
     * @param partial whether the page was read with a selection of the fields
     */
    static ConsumedItem of(TableLocation table, Outcome.Page page, int index, boolean partial) {
        return new ConsumedItem(
                new DeliveredItem(table, page.items().get(index), partial),
                page.unreadable().get(index));
    }

    /** The item as it was read. */
    Item item() {
        return delivered.item();
    }

    Key key() {
        return item().key();
    }

    /** Whether the version was read, so that a write can expect it. */
    boolean versionKnown() {
        return error == null || error.versionKnown();
    }
}
