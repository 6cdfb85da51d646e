/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;

/**
 * The first message of a key was processed, but no result is stored for its duplicates. The key stays confirmed, so
 * that the message is not processed again.
 */
public class ResultNotStoredException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    ResultNotStoredException(String table, Key place) {
        super("Table " + table + ", key " + place + ": the first message of the key was processed, but its result is"
                + " not stored: it was too large, had no payload format, or the key was added elsewhere. Remove the"
                + " key from the repository to process the message again.");
    }
}
