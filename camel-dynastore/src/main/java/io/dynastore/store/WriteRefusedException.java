/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The service rejected a write of a transaction for a reason other than the item or the condition of the write.
 * Nothing was changed.
 */
public class WriteRefusedException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /** Why the service rejected the write. */
    public enum Kind {
        /** Another transaction or write used the item at the same time. The same transaction may succeed later. */
        CONFLICT("another transaction or write used the item at the same time. Try again."),
        /** The capacity of the table or an index is used up. The same transaction may succeed later. */
        THROTTLED("the capacity is used up. Try again later, or raise the capacity of the table or its index."),
        /** All items of the partition key, with their local indexes, exceed the service's limit. */
        COLLECTION_TOO_LARGE(
                "the items of this partition key, with the table's local indexes, exceed the 10 GB that DynamoDB"
                        + " allows. Use more partition keys."),
        /** Any other reason. */
        OTHER("DynamoDB rejected the write.");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Whether the same transaction may succeed later. */
        public boolean passes() {
            return this == CONFLICT || this == THROTTLED;
        }
    }

    private final Kind kind;

    /**
     * An error of one write.
     *
     * @param words the service's message; null if there is none
     */
    public WriteRefusedException(String table, Key key, Kind kind, @Nullable String words, Throwable cause) {
        super(
                "Table " + table + ", key " + key + ": " + kind.text
                        + (words == null ? "" : " DynamoDB's message: " + words),
                cause);
        this.kind = kind;
    }

    /** Why the service rejected the write. */
    public Kind kind() {
        return kind;
    }
}
