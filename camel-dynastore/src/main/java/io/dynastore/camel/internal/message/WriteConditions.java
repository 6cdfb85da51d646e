/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of writes: versions and fencing tokens. Thread safe. */
final class WriteConditions {

    private final CamelContext context;
    private final TableLocation location;
    private final boolean optimisticLocking;

    /**
     * The conditions of writes to a table.
     *
     * @param optimisticLocking whether an update or delete expects the version that was seen, if no header says so
     */
    WriteConditions(CamelContext context, TableLocation location, boolean optimisticLocking) {
        this.context = context;
        this.location = location;
        this.optimisticLocking = optimisticLocking;
    }

    /** Lets a call expect what is known of its item; nothing if that is null. */
    static void expect(ConditionalCall.Builder<?> call, SeenVersions.@Nullable Seen expected) {
        if (expected != null) {
            call.expectedVersion(expected.version()).expectedIncarnation(expected.incarnation());
        }
    }

    /**
     * The header's version, unless a write of another item was refused with it; else, where the operation follows what
     * was seen, that of the item in the body or of the exchange. Only what the exchange has seen by itself has an
     * incarnation.
     */
    SeenVersions.@Nullable Seen expected(Exchange exchange, Key key, @Nullable Item item, boolean follows) {
        Message message = exchange.getMessage();
        Object given = given(message, DynaStoreConstants.EXPECTED_VERSION, "a version");
        ExchangeState state = ExchangeState.of(exchange);
        if (given != null && !state.leftOvers().isVersionOfAnother(given, location, key)) {
            return new SeenVersions.Seen(version(given), null);
        }
        if (!follows || !locking(message)) {
            return null;
        }
        return item != null && item.key().equals(key)
                ? new SeenVersions.Seen(item.version(), null)
                : state.seen().item(location, key);
    }

    /** A header that protects a write. If it is there without a value, the route has lost that value. */
    private static @Nullable Object given(Message message, String header, String what) {
        Object given = message.getHeader(header);
        if (given == null && message.hasHeaders() && message.getHeaders().containsKey(header)) {
            throw new InvalidInputException(
                    "The header " + header + " is there and is null: set it to " + what + ", or remove it.");
        }
        return given;
    }

    /** Whether an update or delete expects the version that was seen. */
    boolean locking(Message message) {
        Object given = message.getHeader(DynaStoreConstants.OPTIMISTIC_LOCKING);
        return given == null
                ? optimisticLocking
                : HeaderConversion.convert(context, DynaStoreConstants.OPTIMISTIC_LOCKING, given, Boolean.class);
    }

    private Long version(Object given) {
        return HeaderConversion.convert(context, DynaStoreConstants.EXPECTED_VERSION, given, Long.class);
    }

    /**
     * The token of the lock that protects what is written, if there is one.
     *
     * @throws LockLostException if this exchange's lock with that token is known to be lost: nothing need be sent then
     */
    @Nullable
    Long fencingToken(Exchange exchange) {
        Object given = given(exchange.getMessage(), DynaStoreConstants.FENCING_TOKEN, "the token of a lock");
        if (given == null) {
            return null;
        }
        Long token = HeaderConversion.convert(context, DynaStoreConstants.FENCING_TOKEN, given, Long.class);
        ExchangeState.of(exchange)
                .leases()
                .lease(token)
                .filter(lease -> !lease.isHeld())
                .ifPresent(lease -> {
                    throw lease.loss()
                            .orElseGet(() -> new LockLostException(
                                    location.table(), lease.key(), LockLostException.Reason.NOT_HELD, null, null));
                });
        return token;
    }
}
