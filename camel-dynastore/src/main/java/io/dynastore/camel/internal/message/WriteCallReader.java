/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.ClaimIndexes;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.LeftOvers;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.BulkCall;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.TransactCall;
import io.dynastore.store.Write;
import io.dynastore.store.WriteCall;
import io.dynastore.store.codec.PayloadCodec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.util.CaseInsensitiveMap;
import org.jspecify.annotations.Nullable;

/** Makes the calls of exchanges that write: what is stored, and under which condition. Thread safe. */
final class WriteCallReader {

    private final CamelContext context;
    private final TableLocation location;
    private final boolean optimisticLocking;
    private final boolean flat;
    private final KeyReader keys;
    private final TransactionReader writes;
    private final CallTemplate<WriteCall.Builder> create;
    private final CallTemplate<WriteCall.Builder> put;
    private final CallTemplate<WriteCall.Builder> update;
    private final CallTemplate<DeleteCall.Builder> delete;
    private final CallTemplate<TransactCall.Builder> transact;
    private final Map<Operation, CallTemplate<BulkCall.Builder>> bulks = new EnumMap<>(Operation.class);
    private final BulkReader entries;
    private final Executor threads;

    /**
     * Reads what the URI says.
     *
     * @param threads where the bodies of bulk operations are read
     * @throws InvalidInputException naming the option, if it can't be meant so
     */
    WriteCallReader(
            CamelContext context,
            DynaStoreConfiguration options,
            TableLocation location,
            KeyReader keys,
            PayloadCodec codec,
            Executor threads) {
        this.context = context;
        this.location = location;
        this.optimisticLocking = options.isOptimisticLocking();
        this.flat = options.getPayloadMode().flat();
        this.keys = keys;
        this.writes = new TransactionReader(keys, codec, location);
        this.entries = new BulkReader(keys, codec, writes);
        this.threads = threads;
        bulk(CallOptions.PUT_ALL, Operation.PUT_ALL, options);
        bulk(CallOptions.CREATE_ALL, Operation.CREATE_ALL, options);
        bulk(CallOptions.DELETE_ALL, Operation.DELETE_ALL, options);
        this.create = template(CallOptions.CREATE, WriteCall.Kind.CREATE, options);
        this.put = template(CallOptions.UPDATE, WriteCall.Kind.PUT, options);
        this.update = template(CallOptions.UPDATE, WriteCall.Kind.UPDATE, options);
        this.delete = new CallTemplate<>(CallOptions.DELETE, DeleteCall.builder(), DeleteCall.Builder::copy, options);
        this.transact = new CallTemplate<>(
                CallOptions.TRANSACT,
                TransactCall.builder().claimIndex(ClaimIndexes.of(options)),
                TransactCall.Builder::copy,
                options);
    }

    private void bulk(
            List<OptionBinding<BulkCall.Builder, ?>> heeded, Operation operation, DynaStoreConfiguration options) {
        CallTemplate<BulkCall.Builder> template = new CallTemplate<>(
                heeded,
                BulkCall.builder(operation).claimIndex(ClaimIndexes.of(options)),
                BulkCall.Builder::copy,
                options);
        // Numbers out of bounds are errors of the start.
        template.copy().entries(Collections.emptyIterator(), Write.class::cast).build();
        bulks.put(operation, template);
    }

    private static CallTemplate<WriteCall.Builder> template(
            List<OptionBinding<WriteCall.Builder, ?>> heeded, WriteCall.Kind kind, DynaStoreConfiguration options) {
        return new CallTemplate<>(
                heeded, WriteCall.builder(kind).claimIndex(ClaimIndexes.of(options)), WriteCall.Builder::copy, options);
    }

    WriteCall create(Exchange exchange) {
        WriteCall.Builder call = create.copy(context, exchange.getMessage());
        call.idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(fencingToken(exchange));
        return stored(exchange, call, (key, item) -> {});
    }

    /** A put expects a version only if a header names one. */
    WriteCall put(Exchange exchange) {
        return changed(exchange, put, false);
    }

    /**
     * An update expects the version that the exchange has seen, unless a header names one.
     *
     * @throws InvalidInputException if there is no body: a route that forgot it, or only sets fields, would lose the
     *     payload
     */
    WriteCall update(Exchange exchange) {
        return changed(exchange, update, true);
    }

    private static void checkBody(Exchange exchange, WriteCall.Builder call) {
        if (call.payloadMode().change() == PayloadMode.REPLACE
                && exchange.getMessage().getBody() == null) {
            throw new InvalidInputException("The body is null, and an update replaces the payload: send the payload"
                    + " along, as a get before it returns it, or keep the payload (payloadMode=keep). To store null,"
                    + " say so by the body null in JSON text (payloadFormat=json).");
        }
    }

    private WriteCall changed(Exchange exchange, CallTemplate<WriteCall.Builder> template, boolean follows) {
        Message message = exchange.getMessage();
        WriteCall.Builder call = template.copy(context, message);
        if (follows) {
            checkBody(exchange, call);
        }
        call.idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(fencingToken(exchange));
        return stored(exchange, call, (key, item) -> {
            // What only adds to numbers is right whatever the item's version.
            expect(call, expected(exchange, key, item, follows && !onlyIncrements(exchange, call)));
            SeenVersions seen = ExchangeState.of(exchange).seen();
            if (flat && call.payloadMode().change() == PayloadMode.REPLACE) {
                checkWhole(seen.item(location, key));
            }
            if (seen.isDelivered(location, key)) {
                // The consumer deletes the item in the version that its route wrote last.
                call.returnVersion(true);
            }
        });
    }

    /** A replacement removes what it does not name, and so what was not read. */
    private static void checkWhole(SeenVersions.@Nullable Seen seen) {
        if (seen != null && seen.partial()) {
            throw new InvalidInputException("This exchange has read the item with a selection of its fields, and a flat"
                    + " payload replaces all of them: those that were not read would be lost. Read the item with"
                    + " fields=all, or write with payloadMode=flatMerge.");
        }
    }

    private static boolean onlyIncrements(Exchange exchange, WriteCall.Builder call) {
        Message message = exchange.getMessage();
        return call.payloadMode() == PayloadMode.KEEP
                && message.getHeader(DynaStoreConstants.INCREMENTS) != null
                && message.getHeader(DynaStoreConstants.FIELDS) == null;
    }

    private WriteCall stored(Exchange exchange, WriteCall.Builder call, BiConsumer<Key, @Nullable Item> expecting) {
        Message message = exchange.getMessage();
        Item item = message.getBody() instanceof Item body ? body : null;
        Key key = key(exchange, item);
        try {
            PayloadFormat format = call.payloadFormat();
            call.key(key).fields(fields(message)).increments(increments(message));
            if (call.payloadMode() != PayloadMode.KEEP) {
                call.value(
                        item == null
                                ? BodyReader.value(exchange, format)
                                : BodyReader.value(exchange, item.payload(), format));
            }
            expecting.accept(key, item);
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table() + ", key " + key);
        }
        return call.build();
    }

    /** A delete expects the version that the exchange has seen, unless a header names one. */
    DeleteCall delete(Exchange exchange) {
        Message message = exchange.getMessage();
        DeleteCall.Builder call = delete.copy(context, message);
        Item item = message.getBody() instanceof Item body ? body : null;
        Key key = key(exchange, item);
        call.key(key).idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(fencingToken(exchange));
        try {
            expect(call, expected(exchange, key, item, true));
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table() + ", key " + key);
        }
        return call.build();
    }

    TransactCall transact(Exchange exchange) {
        TransactCall.Builder call = transact.copy(context, exchange.getMessage());
        return call.idempotencyToken(UnresolvedWrite.of(exchange, location))
                .fencingToken(fencingToken(exchange))
                .writes(writes.read(exchange, call.payloadFormat(), call.payloadMode(), locking(exchange.getMessage())))
                .build();
    }

    /** Entries are read when they can be sent, on the threads of the routes. */
    BulkCall bulk(Exchange exchange, Operation operation) {
        BulkCall.Builder call = Objects.requireNonNull(bulks.get(operation)).copy(context, exchange.getMessage());
        PayloadFormat format = call.payloadFormat();
        PayloadMode mode = call.payloadMode();
        boolean locking = locking(exchange.getMessage());
        call.fencingToken(fencingToken(exchange)).executor(threads);
        Write.Kind kind = call.kind();
        return call.entries(
                        entries.entries(exchange, format, operation.text()),
                        new BulkEntries(
                                exchange,
                                location,
                                entry -> entries.write(exchange, entry, kind, format, mode, locking)))
                .build();
    }

    private static void expect(ConditionalCall.Builder<?> call, SeenVersions.@Nullable Seen expected) {
        if (expected != null) {
            call.expectedVersion(expected.version()).expectedIncarnation(expected.incarnation());
        }
    }

    /**
     * The key. Key headers that the consumer or a lock has set are about another item than that in the body, which then
     * has the say.
     */
    private Key key(Exchange exchange, @Nullable Item item) {
        Message message = exchange.getMessage();
        LeftOvers others = ExchangeState.of(exchange).leftOvers();
        boolean partition = others.isPartitionKey(message.getHeader(DynaStoreConstants.PARTITION_KEY));
        boolean sort = others.isSortKey(message.getHeader(DynaStoreConstants.SORT_KEY));
        if (item == null || !(partition || sort)) {
            return keys.key(message, item);
        }
        Message own = new DefaultMessage(exchange);
        own.setHeaders(new CaseInsensitiveMap(message.getHeaders()));
        if (partition) {
            own.removeHeader(DynaStoreConstants.PARTITION_KEY);
        }
        if (sort) {
            own.removeHeader(DynaStoreConstants.SORT_KEY);
        }
        return keys.key(own, item);
    }

    /**
     * The header's version, unless a write of another item was refused with it; else, where the operation follows what
     * was seen, that of the item in the body or of the exchange. Only what the exchange has seen by itself has an
     * incarnation.
     */
    private SeenVersions.@Nullable Seen expected(Exchange exchange, Key key, @Nullable Item item, boolean follows) {
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

    private boolean locking(Message message) {
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
    private @Nullable Long fencingToken(Exchange exchange) {
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

    private static Map<String, @Nullable Object> fields(Message message) {
        Object given = message.getHeader(DynaStoreConstants.FIELDS);
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw new InvalidInputException("The header " + DynaStoreConstants.FIELDS + " is a "
                    + given.getClass().getName() + ": set it to a Map of field names and values. What a read"
                    + " took as the fields to return has to be removed before a write.");
        }
        return MapReader.named(map, "The header " + DynaStoreConstants.FIELDS);
    }

    private static Map<String, Number> increments(Message message) {
        Object given = message.getHeader(DynaStoreConstants.INCREMENTS);
        return given == null ? Map.of() : MapReader.numbers(given, "The header " + DynaStoreConstants.INCREMENTS);
    }
}
