/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.IdempotencyToken;
import io.dynastore.store.OutcomeUnknownException;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The last write of an exchange whose outcome is unknown. With its idempotency token, a redelivery of the same write
 * recognises what the first delivery did. Any other write gets a new token. A write with a known outcome removes it.
 *
 * @param table the table of the write
 * @param token the write's idempotency token
 */
public record UnresolvedWrite(TableLocation table, IdempotencyToken token) {

    /** The idempotency token that a write to this table may repeat; null if no outcome is unknown. */
    public static @Nullable IdempotencyToken of(Exchange exchange, TableLocation table) {
        UnresolvedWrite write = ExchangeState.of(exchange).unresolved();
        return write != null && SeenVersions.same(write.table, table) ? write.token : null;
    }

    /** The write if its outcome is unknown by this error; null if it is known. */
    public static @Nullable UnresolvedWrite of(TableLocation table, @Nullable Throwable error) {
        IdempotencyToken token = error instanceof OutcomeUnknownException unknown ? unknown.idempotencyToken() : null;
        return token == null ? null : new UnresolvedWrite(table, token);
    }
}
