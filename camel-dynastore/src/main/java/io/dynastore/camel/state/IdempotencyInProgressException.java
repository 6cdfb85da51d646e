/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import java.time.Instant;

/** The first message of a key is still in progress, so that there is no result yet. Send the duplicate again later. */
public class IdempotencyInProgressException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    IdempotencyInProgressException(String table, Key place, Instant until) {
        super("Table " + table + ", key " + place + ": the first message of the key is in progress, until " + until
                + ", or longer if its lease is renewed. Send the duplicate again later, or set inFlightWait.");
        this.until = until;
    }

    /** The end of the lease of the first message as it is now. */
    public Instant until() {
        return until;
    }
}
