/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** An extra field has the name of an attribute that the store reserves. Nothing was sent. */
public class ReservedFieldException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * An error about a reserved name.
     *
     * @param field the name of the field
     */
    public ReservedFieldException(String table, Key key, String field) {
        super(
                "Table " + table + ", key " + key + ": the store reserves the name of the extra field '"
                        + Key.shown(field) + "'. Rename the field, or the store's attribute by its option.",
                null);
        this.field = field;
    }

    /** The reserved name. */
    public String field() {
        return field;
    }
}
