/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The service refused a write of a transaction for a reason that lies neither in the item nor in what the write expected of it.
 * Nothing was changed.
 */
public class WriteRefusedException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** Another transaction, or another write, had the item at the same time. Trying again helps. */
        CONFLICT("another transaction or write had the item at the same time. Try again."),
        /** The table's or an index's capacity is used up. Trying again later helps. */
        THROTTLED("the capacity is used up. Try again later, or give the table or its index more."),
        /** All items of one partition key, with their local indexes, are larger than the service allows. */
        COLLECTION_TOO_LARGE(
                "the items of this partition key, with the table's local indexes, have more than the 10 GB that"
                        + " DynamoDB allows. Use more partition keys."),
        /** The service takes the write for malformed, for example because an index wants another type. */
        INVALID("DynamoDB takes the write for invalid. Correct the write, or the layout of table and indexes."),
        /** Anything else. */
        OTHER("DynamoDB refused it.");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Whether the same transaction may succeed when it is tried again. */
        public boolean passes() {
            return this == CONFLICT || this == THROTTLED;
        }
    }

    private final Kind kind;

    /**
     * A refusal.
     *
     * @param words what the service says of it, if anything
     */
    public WriteRefusedException(String table, Key key, Kind kind, @Nullable String words, Throwable cause) {
        super(
                "Table " + table + ", key " + key + ": " + kind.text + (words == null ? "" : " It says: " + words),
                cause);
        this.kind = kind;
    }

    /** Why the write was refused. */
    public Kind kind() {
        return kind;
    }
}
