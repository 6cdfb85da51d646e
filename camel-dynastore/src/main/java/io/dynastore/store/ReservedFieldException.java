/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** An extra field has the name of an attribute that belongs to the store. Nothing was sent. */
public class ReservedFieldException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final String field;

    public ReservedFieldException(String table, Key key, String field) {
        super(
                "Table " + table + ", key " + key + ": the extra field '" + Key.shown(field)
                        + "' has a name that the store keeps for itself. Rename the field, or the store's attribute by its option.",
                null);
        this.field = field;
    }

    /** The name that was refused. */
    public String field() {
        return field;
    }
}
