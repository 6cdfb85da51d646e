/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Expiry;
import io.dynastore.store.InvalidInputException;

/** Reads a time to live. */
final class TtlParser {

    private static final String NONE = "none";

    private static final String NAME = "The time to live (ttl, or the header " + DynaStoreConstants.TTL + ")";

    private TtlParser() {}

    /**
     * The expiry that a value asks for.
     *
     * @throws InvalidInputException if the value is neither a duration nor none
     */
    static Expiry parse(Object value) {
        return value instanceof CharSequence text && String.valueOf(text).trim().equalsIgnoreCase(NONE)
                ? Expiry.NEVER
                : Expiry.after(DurationParser.read(NAME, value));
    }
}
