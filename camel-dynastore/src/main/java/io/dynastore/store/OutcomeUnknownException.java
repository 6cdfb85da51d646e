/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a write was applied can't be told: its response was lost, and what the item shows now fits both. The cause is the
 * SDK's error.
 *
 * <p>Reading the item tells what it is now. Repeating the same call is safe if it carries {@link #attempt()}, as Camel's
 * redelivery of an exchange does on its own: a write that was applied recognises itself as long as its mark is among the
 * last ones in the item.
 */
public class OutcomeUnknownException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_NAMED = 5;

    private final transient @Nullable IdempotencyToken attempt;

    public OutcomeUnknownException(String table, Key key, Throwable cause, IdempotencyToken attempt) {
        super(
                "Table " + table + ", key " + key
                        + ": the response to a write was lost, and whether it was applied can't be told."
                        + " Read the item, or repeat the same write on this exchange.",
                cause);
        this.attempt = attempt;
    }

    /** For a transaction. */
    public OutcomeUnknownException(String table, List<Key> keys, Throwable cause, IdempotencyToken attempt) {
        super(
                "Table " + table + ", keys "
                        + keys.stream().limit(MOST_NAMED).map(Key::toString).collect(Collectors.joining(", "))
                        + (keys.size() > MOST_NAMED ? " and " + (keys.size() - MOST_NAMED) + " more" : "")
                        + ": the response to a transaction was lost, and whether it was applied can't be told; all of it was, or"
                        + " nothing. Read the items, or repeat the same transaction on this exchange.",
                cause);
        this.attempt = attempt;
    }

    /** What a repetition of the write needs to recognise it; null after serialization. */
    public @Nullable IdempotencyToken attempt() {
        return attempt;
    }
}
