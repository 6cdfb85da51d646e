/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Objects;

/**
 * An item is there and can't be read: its payload does not fit the format or the class, or its version is not a whole
 * number. Nothing was changed. Other items can be read.
 */
public class UnreadableItemException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final transient Key key;
    private final boolean versionKnown;

    /**
     * An error about one item.
     *
     * @param versionKnown whether the version of the item could be read
     * @param reason why it can't be read, and the remedy; without any data of the item
     */
    public UnreadableItemException(String table, Key key, boolean versionKnown, String reason) {
        super("Table " + table + ", key " + key + ": " + reason);
        this.key = Objects.requireNonNull(key);
        this.versionKnown = versionKnown;
    }

    /** The key of the item. Not kept if the error is serialized. */
    public Key key() {
        return key;
    }

    /** Whether the version of the item could be read, so that a write can expect it. */
    public boolean versionKnown() {
        return versionKnown;
    }
}
