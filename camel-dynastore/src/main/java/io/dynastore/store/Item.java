/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An item as it was read. Immutable, except for what its payload and fields refer to. Jackson writes it without any
 * module, and the expiry as ISO-8601 text.
 *
 * @param key the key in the table, even if the item was read through an index
 * @param payload the payload in Java types, by the payload format; null if it is NULL or missing
 * @param version 1 at creation, and one more after each write; 0 for an item without a version
 * @param expires the expiry, in whole seconds, after which the item counts as absent; null if it never expires
 * @param fields all attributes other than key, version, expires and payload, in Java types; unmodifiable
 */
public record Item(
        Key key,
        @Nullable Object payload,
        long version,

        @JsonSerialize(using = ToStringSerializer.class) @Nullable
        Instant expires,

        Map<String, @Nullable Object> fields) {

    public Item {
        fields = fields.isEmpty() ? Collections.emptyMap() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Key, version and expiry, for logs; without payload and fields. */
    @Override
    public String toString() {
        return "Item" + key + " version " + version + (expires == null ? "" : " expires " + expires);
    }
}
