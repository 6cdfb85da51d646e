/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** There is no live item with this key; an expired one counts as absent. Nothing was changed. */
public class KeyNotFoundException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    public KeyNotFoundException(String table, Key key, String remedy) {
        super("Table " + table + ", key " + key + ": no live item has this key. " + remedy);
    }
}
