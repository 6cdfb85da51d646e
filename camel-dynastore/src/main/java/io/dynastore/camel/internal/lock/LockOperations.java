/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.LeftOvers;
import io.dynastore.camel.internal.message.HeaderConversion;
import io.dynastore.camel.internal.message.KeyReader;
import io.dynastore.camel.internal.message.OptionBinding;
import io.dynastore.lease.Lease;
import io.dynastore.lease.LockRequest;
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
import java.util.function.Supplier;
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
 *   <li>An exchange that holds a lock gets it again at once, with the same token, renewed and with its old data. A
 *       named owner does so within the exchange only. One unlock releases it.
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
    private final Supplier<CompletableFuture<Void>> replication;
    private final Map<DynaStoreOperation, Function<Exchange, CompletableFuture<Consumer<Exchange>>>> operations =
            Map.of(
                    DynaStoreOperation.LOCK, this::lock,
                    DynaStoreOperation.RENEW, this::renew,
                    DynaStoreOperation.UNLOCK, this::unlock);

    /**
     * The operations of an endpoint.
     *
     * @param unlocks counts the releases on completion
     * @param replication fails if the table is replicated so that it can have no locks
     */
    public LockOperations(
            CamelContext context,
            DynaStoreConfiguration options,
            TableLocation location,
            KeyReader keys,
            Locks locks,
            OperationMetrics unlocks,
            Supplier<CompletableFuture<Void>> replication) {
        this.context = context;
        this.options = options;
        this.location = location;
        this.keys = keys;
        this.locks = locks;
        this.unlocks = unlocks;
        this.replication = replication;
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
        // Whatever the result: the token of an earlier lock is not that of this one.
        message.removeHeader(DynaStoreConstants.FENCING_TOKEN);
        Object data = data(exchange);
        String given = owner(message);
        String owner = given == null ? ownName(exchange) : given;
        if (requested.leaseAny()) {
            LockRequest any = requested.request(keys.anyOf(message), owner, data);
            return unreplicated(() -> locks.acquireAny(any))
                    .thenApply(lease -> done -> acquired(done, lease, requested, data));
        }
        Key key = keys.key(message, null);
        Optional<Lease> held = held(exchange, key, given);
        if (held.isPresent()) {
            return held.get().renew().thenApply(until -> done -> again(done, held.get(), requested));
        }
        LockRequest request = requested.request(key, owner, data);
        return unreplicated(() -> locks.acquire(request))
                .thenApply(lease -> done -> acquired(done, lease, requested, data));
    }

    /** Waits for the table's description only if it is not there yet. */
    private CompletableFuture<Lease> unreplicated(Supplier<CompletableFuture<Lease>> acquire) {
        CompletableFuture<Void> checked = replication.get();
        return checked.isDone() && !checked.isCompletedExceptionally()
                ? acquire.get()
                : checked.thenCompose(done -> acquire.get());
    }

    /** The data to store with a lock. Those that an earlier lock has found are not meant for this one. */
    private static @Nullable Object data(Exchange exchange) {
        Object header = exchange.getMessage().getHeader(DynaStoreConstants.LOCK_DATA);
        return ExchangeState.of(exchange).leftOvers().isLockData(header) ? null : header;
    }

    private String ownName(Exchange exchange) {
        return locks.owner() + "/" + exchange.getExchangeId();
    }

    /** The lease that this exchange has, under the owner that is named if one is. */
    private Optional<Lease> held(Exchange exchange, Key key, @Nullable String owner) {
        return ExchangeState.of(exchange)
                .leases()
                .lease(location, key)
                .filter(Lease::isHeld)
                .filter(lease -> owner != null
                        ? owner.equals(lease.owner())
                        : lease.owner().equals(ownName(exchange))
                                || new ReleaseOnCompletion(lease, unlocks).isAttached(exchange));
    }

    private void again(Exchange exchange, Lease lease, LockOptions requested) {
        if (requested.unlockOnCompletion()) {
            new ReleaseOnCompletion(lease, unlocks).attach(exchange);
        }
        if (data(exchange) != null) {
            exchange.getMessage().removeHeader(DynaStoreConstants.LOCK_DATA);
        }
        writeHeaders(exchange.getMessage(), lease);
    }

    private void acquired(Exchange exchange, Lease lease, LockOptions requested, @Nullable Object data) {
        if (requested.unlockOnCompletion()) {
            new ReleaseOnCompletion(lease, unlocks).attach(exchange);
        }
        Object found = data == null ? lease.data() : null;
        ExchangeState.change(exchange, state -> {
            LeftOvers outputs = state.leftOvers().withLockData(found);
            return state.with(state.leases().with(location, lease))
                    .with(requested.leaseAny() ? outputs.withKey(lease.key()) : outputs);
        });
        Message message = exchange.getMessage();
        if (requested.leaseAny()) {
            message.setHeader(DynaStoreConstants.PARTITION_KEY, lease.key().partitionKey());
            message.setHeader(DynaStoreConstants.SORT_KEY, lease.key().sortKey());
        }
        message.removeHeader(DynaStoreConstants.LOCK_DATA);
        if (found != null) {
            message.setHeader(DynaStoreConstants.LOCK_DATA, found);
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
        ExchangeState.change(exchange, state -> state.with(state.leases().without(location, lease.key())));
        new ReleaseOnCompletion(lease, unlocks).detach(exchange);
        Message message = exchange.getMessage();
        // The token of another lock, which the exchange still holds, fences its writes on.
        if (Long.toString(lease.token()).equals(String.valueOf(message.getHeader(DynaStoreConstants.FENCING_TOKEN)))) {
            message.removeHeader(DynaStoreConstants.FENCING_TOKEN);
        }
        message.removeHeader(DynaStoreConstants.LOCK_DATA);
        return lease.release().thenApply(released -> done -> {});
    }

    private Lease lease(Exchange exchange) {
        Key key = keys.key(exchange.getMessage(), null);
        String owner = owner(exchange.getMessage());
        return ExchangeState.of(exchange)
                .leases()
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
