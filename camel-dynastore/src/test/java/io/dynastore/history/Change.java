/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import org.jspecify.annotations.Nullable;

/**
 * One change that was applied to an item, as the stream reports it.
 *
 * @param key    of which item
 * @param before what it was; null if there was none
 * @param after  what it became; null if it was removed
 */
record Change(
        String key, @Nullable ItemState before, @Nullable ItemState after) {

    /** The id of the write that made this change; null for a removal. */
    @Nullable
    String writeId() {
        return after == null ? null : after.writeId();
    }
}
