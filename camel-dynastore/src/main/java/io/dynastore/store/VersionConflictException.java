/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * The item does not have the expected version: another client changed it since it was read. Or it has that version,
 * but is another item: the one that was read was deleted, and another one was created under its key. Nothing was
 * changed.
 *
 * <p>Read the item again, apply the change to it, and write with the new version.
 */
public class VersionConflictException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /**
     * A conflict between two versions.
     *
     * @param expected the version that the write expected; 0 for an item without one
     * @param actual the version of the item; equal to the expected one if it is another item
     */
    public VersionConflictException(String table, Key key, long expected, long actual) {
        super("Table " + table + ", key " + key + ": expected version " + expected + ", found "
                + (expected == actual
                        ? "the same version of another item: the one that was read was deleted, or overwritten by a"
                                + " program that drops attributes it doesn't know"
                        : actual)
                + ". Read the item again, apply the change to it, and write with the new version.");
        this.expected = expected;
        this.actual = actual;
    }

    /** The version that the write expected; 0 for a live item without a version. */
    public long expected() {
        return expected;
    }

    /**
     * The version of the item; 0 if it has none. Equal to {@link #expected()} if it is another item under the same
     * key.
     */
    public long actual() {
        return actual;
    }
}
