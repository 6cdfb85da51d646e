/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a write is unknown: its response was lost, and the present item does not show whether it was
 * applied. The cause is the SDK's error.
 *
 * <p>Read the item to see its present state, or repeat the same call with the token {@link #idempotencyToken()}.
 * Camel's redelivery of an exchange passes the token by itself. The repetition is then recognised if the write was
 * applied, as long as the item still holds its write id.
 */
public class OutcomeUnknownException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_NAMED = 5;

    private final transient @Nullable IdempotencyToken token;

    /**
     * The outcome of one write is unknown.
     *
     * @param token the token of the write
     */
    public OutcomeUnknownException(String table, Key key, Throwable cause, IdempotencyToken token) {
        super(
                "Table " + table + ", key " + key
                        + ": the response to a write was lost, and it is unknown whether the write was applied."
                        + " Read the item, or repeat the same write on this exchange.",
                cause);
        this.token = token;
    }

    /** The outcome of a write is unknown that may be repeated without a token. */
    public OutcomeUnknownException(String table, Key key, Throwable cause) {
        super(
                "Table " + table + ", key " + key
                        + ": the response to a write was lost, and it is unknown whether the write was applied."
                        + " Repeat the call.",
                cause);
        this.token = null;
    }

    /**
     * The outcome of a transaction is unknown.
     *
     * @param token the token of the transaction
     */
    public OutcomeUnknownException(String table, List<Key> keys, Throwable cause, IdempotencyToken token) {
        super(
                "Table " + table + ", keys "
                        + keys.stream().limit(MOST_NAMED).map(Key::toString).collect(Collectors.joining(", "))
                        + (keys.size() > MOST_NAMED ? " and " + (keys.size() - MOST_NAMED) + " more" : "")
                        + ": the response to a transaction was lost, and it is unknown whether the transaction was"
                        + " applied: all of it, or nothing."
                        + " Read the items, or repeat the same transaction on this exchange.",
                cause);
        this.token = token;
    }

    /** The token with which a repetition recognises the write; null after serialization, or if it needs none. */
    public @Nullable IdempotencyToken idempotencyToken() {
        return token;
    }
}
