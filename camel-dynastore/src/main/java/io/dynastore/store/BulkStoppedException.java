/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * A bulk call ended before all its entries were written: too many writes failed, the entries could not be read on, or
 * the table can't be reached, does not exist or refuses access.
 *
 * <p>Each entry that was taken is either written or named as failed in {@link #outcomes()}. The others were not read.
 */
public class BulkStoppedException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private final transient BulkOutcomes outcomes;

    /**
     * The error of a call that ended early.
     *
     * @param cause why
     */
    public BulkStoppedException(String table, Operation operation, BulkOutcomes outcomes, Throwable cause) {
        super(
                "Table " + table + ", operation " + operation.text() + ": it ended early, after " + outcomes.taken()
                        + " entries, of which " + outcomes.written() + " were written and " + outcomes.failed()
                        + " failed. The last reason: " + reason(cause)
                        + " Remove the cause, and send again what failed and what was not read.",
                cause);
        this.outcomes = outcomes;
    }

    private static String reason(Throwable cause) {
        return cause instanceof DynaStoreException
                ? String.valueOf(cause.getMessage())
                : cause.getClass().getName() + ".";
    }

    /** What became of the entries that were taken. */
    public BulkOutcomes outcomes() {
        return outcomes;
    }
}
