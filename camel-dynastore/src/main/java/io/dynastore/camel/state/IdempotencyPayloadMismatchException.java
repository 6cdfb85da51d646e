/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;

/** A key was used again with another payload: the message is no duplicate of the first, and is not processed. */
public class IdempotencyPayloadMismatchException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    IdempotencyPayloadMismatchException(String table, Key place) {
        super("Table " + table + ", key " + place + ": the key was used for another payload before. Give the message a"
                + " key of its own, or send the payload of the first one.");
    }
}
