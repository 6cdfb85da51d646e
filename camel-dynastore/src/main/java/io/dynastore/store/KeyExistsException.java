/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** A live item with the key of a create exists. Nothing was changed. */
public class KeyExistsException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    public KeyExistsException(String table, Key key) {
        super("Table " + table + ", key " + key
                + ": an item with this key exists. Use update or put to change it, or create it under another key.");
    }
}
