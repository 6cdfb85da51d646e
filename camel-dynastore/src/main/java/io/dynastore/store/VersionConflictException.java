/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * The item has another version than the write expected: somebody else has changed it since it was read. Or it has the same
 * version, and yet is another item: the one that was read has been deleted, and the key is used anew. Nothing was changed.
 * Read the item again, apply the change to what it is now, and write.
 */
public class VersionConflictException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    public VersionConflictException(String table, Key key, long expected, long actual) {
        super("Table " + table + ", key " + key + ": expected version " + expected + ", found "
                + (expected == actual
                        ? "the same version of another item: the one that was seen has been deleted, or overwritten by a program that"
                                + " drops attributes it doesn't know"
                        : actual)
                + ". Read the item again, apply the change to it, and write with the new version.");
        this.expected = expected;
        this.actual = actual;
    }

    /** The version that the write expected; 0 stands for a live item without a version. */
    public long expected() {
        return expected;
    }

    /** The version that the item had; 0 for an item without one. As expected, if it is another item under the same key. */
    public long actual() {
        return actual;
    }
}
