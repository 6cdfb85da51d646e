/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * A call is invalid: a missing key, a value that DynamoDB can't hold, a bare number as a time to live. Nothing was
 * changed. The same call fails again.
 */
public class InvalidInputException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final boolean placed;

    /** An error whose message does not yet name the place: see {@link #at}. */
    public InvalidInputException(String message) {
        this(message, null, false);
    }

    /**
     * An error whose message names the place.
     *
     * @param cause the SDK's error; null if there is none
     */
    public InvalidInputException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    private InvalidInputException(String message, @Nullable Throwable cause, boolean placed) {
        super(message, cause);
        this.placed = placed;
    }

    /**
     * The same error with a message that begins with a place.
     *
     * @param place for example "Table tickets, key [customer, 1]"
     * @return this error if its message names a place already
     */
    public InvalidInputException at(String place) {
        return placed ? this : new InvalidInputException(place + ": " + getMessage(), getCause(), true);
    }
}
