/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.Expiry;
import io.dynastore.store.InvalidInputException;

/** Reads a time to live. */
final class TtlParser {

    private static final String NONE = "none";

    private TtlParser() {}

    /**
     * The expiry that a value asks for.
     *
     * @throws InvalidInputException if the value is neither a duration nor none
     */
    static Expiry parse(Object value) {
        return value instanceof CharSequence text && text.toString().trim().equalsIgnoreCase(NONE)
                ? Expiry.NEVER
                : Expiry.after(DurationParser.read("The time to live", value));
    }
}
