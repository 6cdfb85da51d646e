/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.UnreadableItemException;
import org.jspecify.annotations.Nullable;

/**
 * An item as a consumer has read it.
 *
 * @param item the item; only key, version and expiry if it can't be read
 * @param error why it can't be read; null if it was read
 */
record ConsumedItem(Item item, @Nullable UnreadableItemException error) {

    /** The item at this index of a page. */
    static ConsumedItem of(Outcome.Page page, int index) {
        return new ConsumedItem(page.items().get(index), page.unreadable().get(index));
    }

    Key key() {
        return item.key();
    }

    /** Whether the version was read, so that a write can expect it. */
    boolean versionKnown() {
        return error == null || error.versionKnown();
    }
}
