/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * What was asked can't be sent: a missing key, a value that DynamoDB can't hold, a bare number as a time to live.
 * Nothing was changed, and asking again in the same way fails again.
 */
public class InvalidInputException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final boolean placed;

    /** A refusal whose message does not yet say where: see {@link #at}. */
    public InvalidInputException(String message) {
        this(message, null, false);
    }

    /** A refusal whose message says all, with the service's word as the cause. */
    public InvalidInputException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    private InvalidInputException(String message, @Nullable Throwable cause, boolean placed) {
        super(message, cause);
        this.placed = placed;
    }

    /**
     * The same refusal with a message that begins with a place.
     *
     * @param place "Table tickets, key [customer, 1]", for example
     * @return this, if the message names a place already
     */
    public InvalidInputException at(String place) {
        return placed ? this : new InvalidInputException(place + ": " + getMessage(), getCause(), true);
    }
}
