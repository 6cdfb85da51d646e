/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.IdempotencyToken;
import io.dynastore.store.OutcomeUnknownException;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The last write of an exchange whose outcome is unknown, kept as a property. With its idempotency token, a
 * redelivery of the same write recognises what the first delivery did. Any other write gets a new token. A write with
 * a known outcome removes the property.
 *
 * @param table the table of the write
 * @param token the write's idempotency token
 */
public record UnresolvedWrite(TableLocation table, IdempotencyToken token) {

    private static final String PROPERTY = "CamelDynaStoreUnknownWrite";

    /** The idempotency token that a write to this table may repeat; null if no outcome is unknown. */
    public static @Nullable IdempotencyToken of(Exchange exchange, TableLocation table) {
        UnresolvedWrite write = exchange.getProperty(PROPERTY, UnresolvedWrite.class);
        return write != null && write.table.equals(table) ? write.token : null;
    }

    /** Keeps the write if its outcome is unknown by this error. Any other error removes it: the outcome is known. */
    public static void keep(Exchange exchange, TableLocation table, @Nullable Throwable error) {
        IdempotencyToken token = error instanceof OutcomeUnknownException unknown ? unknown.idempotencyToken() : null;
        if (token == null) {
            forget(exchange);
        } else {
            exchange.setProperty(PROPERTY, new UnresolvedWrite(table, token));
        }
    }

    /** Removes the write: its outcome is known. */
    public static void forget(Exchange exchange) {
        exchange.removeProperty(PROPERTY);
    }
}
