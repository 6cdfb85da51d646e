/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.IdempotencyToken;
import io.dynastore.store.OutcomeUnknownException;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The last write of an exchange whose outcome is unknown, kept as a property so that a redelivery of the same write
 * recognises what the first delivery did. Any other write starts afresh, and a write that ends with a clear answer forgets it.
 *
 * @param table where the write went
 * @param attempt what recognises it
 */
public record UnresolvedWrite(TableLocation table, IdempotencyToken attempt) {

    private static final String PROPERTY = "CamelDynaStoreUnknownWrite";

    /** The attempt that a write to this table may repeat. */
    public static @Nullable IdempotencyToken of(Exchange exchange, TableLocation table) {
        UnresolvedWrite unknown = exchange.getProperty(PROPERTY, UnresolvedWrite.class);
        return unknown != null && unknown.table.equals(table) ? unknown.attempt : null;
    }

    /** Remembers the write if this is how it ended. A clear refusal forgets it: nothing is unknown any more. */
    public static void keep(Exchange exchange, TableLocation table, @Nullable Throwable error) {
        IdempotencyToken attempt = error instanceof OutcomeUnknownException unknown ? unknown.idempotencyToken() : null;
        if (attempt == null) {
            forget(exchange);
        } else {
            exchange.setProperty(PROPERTY, new UnresolvedWrite(table, attempt));
        }
    }

    public static void forget(Exchange exchange) {
        exchange.removeProperty(PROPERTY);
    }
}
