/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** No live item has this key; an expired item counts as absent. Nothing was changed. */
public class KeyNotFoundException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * An error about a missing item.
     *
     * @param remedy what to do, in whole sentences
     */
    public KeyNotFoundException(String table, Key key, String remedy) {
        super("Table " + table + ", key " + key + ": no live item has this key. " + remedy);
    }
}
