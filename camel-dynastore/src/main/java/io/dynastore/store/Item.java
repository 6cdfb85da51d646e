/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An item as it was read.
 *
 * @param key the key in the table, also when the item was read through an index
 * @param payload the value: what the payload format makes of the stored attribute; null if that is NULL or missing
 * @param version 1 at creation and one more at every write; 0 for an item without a version
 * @param expires the second after which the item counts as absent; null if it never expires
 * @param fields every attribute that is neither key, version, expires nor payload, in Java types; unmodifiable
 */
public record Item(
        Key key,
        @Nullable Object payload,
        long version,
        @Nullable Instant expires,
        Map<String, @Nullable Object> fields) {

    public Item {
        fields = fields.isEmpty() ? Collections.emptyMap() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Names the item without its payload and fields, so that it may be logged. */
    @Override
    public String toString() {
        return "Item" + key + " version " + version + (expires == null ? "" : " expires " + expires);
    }
}
