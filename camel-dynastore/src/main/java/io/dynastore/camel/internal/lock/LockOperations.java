/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeLeases;
import io.dynastore.camel.internal.message.HeaderConversion;
import io.dynastore.camel.internal.message.KeyReader;
import io.dynastore.camel.internal.message.OptionBinding;
import io.dynastore.lease.Lease;
import io.dynastore.lease.Locks;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * The operations lock, renew and unlock of an endpoint. Thread safe.
 *
 * <ol>
 *   <li>If no owner is named, each exchange is an owner of its own. So an exchange that did not get a lock can't unlock
 *       it for the one that did.
 *   <li>Unlock and renew use the lease that this exchange, or the exchange that it is a copy of, acquired. If there is
 *       none and an owner is named, they use that owner's lease in this component. They never use a lease of another
 *       JVM.
 *   <li>A lock belongs to the unit of work in which it was acquired, and is released when that is done.
 * </ol>
 */
public final class LockOperations {

    private final CamelContext context;
    private final DynaStoreConfiguration options;
    private final TableLocation location;
    private final KeyReader keys;
    private final Locks locks;
    private final OperationMetrics unlocks;
    private final Map<DynaStoreOperation, Function<Exchange, CompletableFuture<Consumer<Exchange>>>> operations =
            Map.of(
                    DynaStoreOperation.LOCK, this::lock,
                    DynaStoreOperation.RENEW, this::renew,
                    DynaStoreOperation.UNLOCK, this::unlock);

    /**
     * The operations of an endpoint.
     *
     * @param unlocks counts the releases on completion
     */
    public LockOperations(
            CamelContext context,
            DynaStoreConfiguration options,
            TableLocation location,
            KeyReader keys,
            Locks locks,
            OperationMetrics unlocks) {
        this.context = context;
        this.options = options;
        this.location = location;
        this.keys = keys;
        this.locks = locks;
        this.unlocks = unlocks;
        check();
    }

    /** Whatever the key, the options of the URI have to be in their bounds. */
    private void check() {
        Key none = Key.of("none");
        try {
            options(null).request(none, "none", null);
        } catch (InvalidInputException e) {
            String message = String.valueOf(e.getMessage()).replace("Key " + none + ": ", "");
            throw new InvalidInputException("Table " + location.table() + ": " + message, e.getCause());
        }
    }

    /**
     * Carries out an operation.
     *
     * @return completes on a thread of routes, with the change to apply to the exchange
     * @throws InvalidInputException naming the table, the key if it is known, and the remedy
     */
    public CompletableFuture<Consumer<Exchange>> execute(Exchange exchange, DynaStoreOperation operation) {
        try {
            return Objects.requireNonNull(operations.get(operation)).apply(exchange);
        } catch (InvalidInputException e) {
            throw e.at(keys.place(exchange.getMessage()));
        }
    }

    private CompletableFuture<Consumer<Exchange>> lock(Exchange exchange) {
        Message message = exchange.getMessage();
        LockOptions requested = options(message);
        Object data = message.getHeader(DynaStoreConstants.LOCK_DATA);
        // Whatever the result: the token of an earlier lock is not that of this one.
        message.removeHeader(DynaStoreConstants.FENCING_TOKEN);
        String given = owner(message);
        String owner = given == null ? locks.owner() + "/" + exchange.getExchangeId() : given;
        CompletableFuture<Lease> lease = requested.leaseAny()
                ? locks.acquireAny(requested.request(keys.anyOf(message), owner, data))
                : locks.acquire(requested.request(keys.key(message, null), owner, data));
        return lease.thenApply(acquired -> done -> acquired(done, acquired, requested));
    }

    private void acquired(Exchange exchange, Lease lease, LockOptions requested) {
        if (requested.unlockOnCompletion()) {
            new ReleaseOnCompletion(lease, unlocks).attach(exchange);
        }
        ExchangeLeases.of(exchange).with(location, lease).keep(exchange);
        Message message = exchange.getMessage();
        if (requested.leaseAny()) {
            message.setHeader(DynaStoreConstants.PARTITION_KEY, lease.key().partitionKey());
            message.setHeader(DynaStoreConstants.SORT_KEY, lease.key().sortKey());
        }
        if (lease.data() != null) {
            message.setHeader(DynaStoreConstants.LOCK_DATA, lease.data());
        }
        writeHeaders(message, lease);
    }

    private CompletableFuture<Consumer<Exchange>> renew(Exchange exchange) {
        Lease lease = lease(exchange);
        return lease.renew().thenApply(until -> done -> writeHeaders(done.getMessage(), lease));
    }

    private CompletableFuture<Consumer<Exchange>> unlock(Exchange exchange) {
        Lease lease = lease(exchange);
        // Even if the lock turns out to be lost: no write may rely on it any more.
        ExchangeLeases.of(exchange).without(location, lease.key()).keep(exchange);
        exchange.getMessage().removeHeader(DynaStoreConstants.FENCING_TOKEN);
        exchange.getMessage().removeHeader(DynaStoreConstants.LOCK_DATA);
        return lease.release().thenApply(released -> done -> {});
    }

    private Lease lease(Exchange exchange) {
        Key key = keys.key(exchange.getMessage(), null);
        String owner = owner(exchange.getMessage());
        return ExchangeLeases.of(exchange)
                .lease(location, key)
                .or(() -> owner == null ? Optional.empty() : locks.find(key, owner))
                .orElseThrow(() ->
                        new LockLostException(location.table(), key, LockLostException.Reason.NOT_HELD, null, null));
    }

    private static void writeHeaders(Message message, Lease lease) {
        message.setHeader(DynaStoreConstants.FENCING_TOKEN, lease.token());
        message.setHeader(DynaStoreConstants.LOCK_EXPIRES, lease.expires());
    }

    private @Nullable String owner(Message message) {
        Object given = message.getHeader(DynaStoreConstants.LOCK_OWNER);
        return given == null
                ? null
                : HeaderConversion.convert(context, DynaStoreConstants.LOCK_OWNER, given, String.class);
    }

    private LockOptions options(@Nullable Message message) {
        LockOptions lock = new LockOptions();
        for (OptionBinding<LockOptions, ?> row : LockOptions.ALL) {
            row.fromUri(options, lock);
            if (message != null) {
                row.fromHeader(context, message, lock);
            }
        }
        return lock;
    }
}
