/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Due;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads from when an item may be claimed. */
final class DueParser {

    private static final String NAME =
            "The time of delivery (deliverAfter, or the header " + DynaStoreConstants.DELIVER_AFTER + ")";

    private DueParser() {}

    /**
     * The time that a value asks for: a duration from now on, or an instant.
     *
     * @throws io.dynastore.store.InvalidInputException if the value is neither
     */
    static Due parse(Object value) {
        Instant instant = value instanceof Instant given ? given : instant(value);
        return instant == null ? Due.after(DurationParser.read(NAME, value)) : Due.at(instant);
    }

    /** An instant as ISO 8601 writes it; null if it is something else. */
    private static @Nullable Instant instant(Object value) {
        try {
            return value instanceof CharSequence text
                    ? Instant.parse(String.valueOf(text).trim())
                    : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
