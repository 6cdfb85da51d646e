/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeLeases;
import io.dynastore.camel.internal.exchange.ListQueryKey;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.BatchGetCall;
import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.ExistsCall;
import io.dynastore.store.GetCall;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.LockLostException;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.TransactCall;
import io.dynastore.store.WriteCall;
import io.dynastore.store.codec.PayloadCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Makes the call of an exchange: what the URI names is fixed, headers fill what it leaves open, every other header overrides
 * the URI. Thread safe; what the URI says is read and checked once, when the endpoint starts.
 */
public final class CallReader {

    private final CamelContext context;
    private final TableSchema schema;
    private final TableLocation location;
    private final @Nullable DynaStoreOperation operation;
    private final Set<DynaStoreOperation> allowed;
    private final boolean optimisticLocking;

    /** Headers that must not say otherwise: a partition that the URI names is one of the attribute that the URI means. */
    private final Set<String> fixed;

    private final KeyReader keys;
    private final TransactionReader writes;
    private final CallTemplate<WriteCall.Builder> create;
    private final CallTemplate<WriteCall.Builder> put;
    private final CallTemplate<WriteCall.Builder> update;
    private final CallTemplate<DeleteCall.Builder> delete;
    private final CallTemplate<GetCall.Builder> get;
    private final CallTemplate<ExistsCall.Builder> exists;
    private final CallTemplate<ListRead> list;
    private final CallTemplate<BatchGetCall.Builder> batchGet;
    private final CallTemplate<TransactCall.Builder> transact;

    /**
     * Reads what the URI says.
     *
     * @throws InvalidInputException naming the table and the option, if it can't be meant so
     */
    public CallReader(
            CamelContext context,
            DynaStoreConfiguration options,
            TableSchema schema,
            TableLocation location,
            PayloadCodec codec) {
        this.context = context;
        this.schema = schema;
        this.location = location;
        this.operation = options.getOperation();
        this.optimisticLocking = options.isOptimisticLocking();
        this.fixed = options.getPartitionKey() == null
                ? Set.of()
                : Set.of(DynaStoreConstants.INDEX_PARTITION_KEY_NAME, DynaStoreConstants.INDEX_PARTITION_KEY_TYPE);
        try {
            this.allowed = OperationParser.parse(options.getAllowedOperations());
            this.keys = new KeyReader(context, options, schema);
            this.writes = new TransactionReader(keys, codec, location);
            this.create = write(CallOptions.CREATE, WriteCall.Kind.CREATE, options);
            this.put = write(CallOptions.UPDATE, WriteCall.Kind.PUT, options);
            this.update = write(CallOptions.UPDATE, WriteCall.Kind.UPDATE, options);
            this.delete =
                    new CallTemplate<>(CallOptions.DELETE, DeleteCall.builder(), DeleteCall.Builder::copy, options);
            this.get = new CallTemplate<>(CallOptions.GET, GetCall.builder(), GetCall.Builder::copy, options);
            this.exists =
                    new CallTemplate<>(CallOptions.EXISTS, ExistsCall.builder(), ExistsCall.Builder::copy, options);
            this.list = new CallTemplate<>(CallOptions.LIST, new ListRead(), ListRead::copy, options);
            this.batchGet = new CallTemplate<>(
                    CallOptions.BATCH_GET, BatchGetCall.builder(), BatchGetCall.Builder::copy, options);
            this.transact = new CallTemplate<>(
                    CallOptions.TRANSACT, TransactCall.builder(), TransactCall.Builder::copy, options);
            list.copy().build();
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    private static CallTemplate<WriteCall.Builder> write(
            List<OptionBinding<WriteCall.Builder, ?>> heeded, WriteCall.Kind kind, DynaStoreConfiguration options) {
        return new CallTemplate<>(heeded, WriteCall.builder(kind), WriteCall.Builder::copy, options);
    }

    /**
     * The call that an exchange asks for.
     *
     * @throws InvalidInputException naming the table, the key where it is known, and the remedy
     */
    public Call<?> read(Exchange exchange, Operation asked) {
        try {
            return call(exchange, asked);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    /**
     * A list as the URI describes it, for the consumer: without partition and token.
     *
     * @throws InvalidInputException naming the option, if it can't be meant so
     */
    public ListCall.Builder consumed() {
        ListCall.Builder consumed = list.copy().list;
        ListOptions asked = consumed.build().options();
        return bounded(consumed, asked, sortKey(IndexSchema.of(schema, asked)));
    }

    private @Nullable KeyAttribute sortKey(@Nullable IndexSchema index) {
        return index == null ? schema.sortKey() : index.sortKey();
    }

    private ListCall.Builder bounded(ListCall.Builder call, ListOptions asked, @Nullable KeyAttribute sortKey) {
        return call.sortKeyFrom(keys.bound(asked.sortKeyFrom(), sortKey, "sortKeyFrom"))
                .sortKeyTo(keys.bound(asked.sortKeyTo(), sortKey, "sortKeyTo"));
    }

    /** Reads keys that the URI names. */
    public KeyReader keys() {
        return keys;
    }

    /**
     * The operation that a message asks for.
     *
     * @throws InvalidInputException naming the table and the remedy, if there is none, or it may not be asked for
     */
    public DynaStoreOperation operation(Message message) {
        try {
            return asked(message);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    private DynaStoreOperation asked(Message message) {
        if (operation != null) {
            return operation;
        }
        Object given = message.getHeader(DynaStoreConstants.OPERATION);
        if (given == null) {
            throw new InvalidInputException("No operation: name one in the URI (operation=create) or in the header "
                    + DynaStoreConstants.OPERATION + ".");
        }
        DynaStoreOperation asked =
                given instanceof DynaStoreOperation known ? known : OperationParser.named(given.toString());
        if (!allowed.contains(asked)) {
            throw new InvalidInputException("The operation " + asked.text()
                    + " may not be asked for by a header here: name it in the URI, or in allowedOperations.");
        }
        return asked;
    }

    private Call<?> call(Exchange exchange, Operation asked) {
        Message message = exchange.getMessage();
        return switch (asked) {
            case CREATE -> create(exchange, from(create, message));
            case PUT -> update(exchange, from(put, message), false);
            case UPDATE -> update(exchange, from(update, message), true);
            case DELETE -> delete(exchange, from(delete, message));
            case GET -> from(get, message).key(keys.key(message, null)).build();
            case EXISTS -> from(exists, message).key(keys.key(message, null)).build();
            case LIST -> list(exchange, from(list, message));
            case BATCH_GET -> from(batchGet, message).keys(keys.keys(message)).build();
            case TRANSACT -> transact(exchange, from(transact, message));
        };
    }

    private <B> B from(CallTemplate<B> template, Message message) {
        return template.copy(context, message, fixed);
    }

    private WriteCall create(Exchange exchange, WriteCall.Builder call) {
        call.idempotencyToken(UnresolvedWrite.of(exchange, location));
        return stored(exchange, call, (key, item) -> {});
    }

    /**
     * A put or update.
     *
     * @param follows whether it expects the version that this exchange has seen
     */
    private WriteCall update(Exchange exchange, WriteCall.Builder call, boolean follows) {
        Message message = exchange.getMessage();
        call.idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(fencingToken(exchange));
        return stored(exchange, call, (key, item) -> expect(call, expected(exchange, message, key, item, follows)));
    }

    private WriteCall stored(Exchange exchange, WriteCall.Builder call, BiConsumer<Key, @Nullable Item> expecting) {
        Message message = exchange.getMessage();
        Item item = message.getBody() instanceof Item body ? body : null;
        Key key = keys.key(message, item);
        try {
            PayloadFormat format = call.payloadFormat();
            call.key(key)
                    .value(
                            item == null
                                    ? BodyReader.value(exchange, format)
                                    : BodyReader.value(exchange, item.payload(), format))
                    .fields(fields(message));
            expecting.accept(key, item);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + ", key " + key);
        }
        return call.build();
    }

    private DeleteCall delete(Exchange exchange, DeleteCall.Builder call) {
        Message message = exchange.getMessage();
        Item item = message.getBody() instanceof Item body ? body : null;
        Key key = keys.key(message, item);
        call.key(key).idempotencyToken(UnresolvedWrite.of(exchange, location));
        try {
            expect(call, expected(exchange, message, key, item, true));
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + ", key " + key);
        }
        return call.build();
    }

    private static void expect(ConditionalCall.Builder<?> call, SeenVersions.@Nullable Seen expected) {
        if (expected != null) {
            call.expectedVersion(expected.version()).expectedIncarnation(expected.incarnation());
        }
    }

    private TransactCall transact(Exchange exchange, TransactCall.Builder call) {
        return call.idempotencyToken(UnresolvedWrite.of(exchange, location))
                .fencingToken(fencingToken(exchange))
                .writes(writes.read(exchange, call.payloadFormat(), locking(exchange.getMessage())))
                .build();
    }

    /**
     * The header's version; else, where the operation follows what was seen, that of the item in the body or of the exchange. Only
     * what the exchange has seen by itself has an incarnation.
     */
    private SeenVersions.@Nullable Seen expected(
            Exchange exchange, Message message, Key key, @Nullable Item item, boolean seen) {
        Object given = message.getHeader(DynaStoreConstants.EXPECTED_VERSION);
        if (given != null) {
            return new SeenVersions.Seen(version(given), null);
        }
        if (!seen || !locking(message)) {
            return null;
        }
        return item != null && item.key().equals(key)
                ? new SeenVersions.Seen(item.version(), null)
                : SeenVersions.of(exchange).item(location, key);
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
        Object given = exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN);
        if (given == null) {
            return null;
        }
        Long token = HeaderConversion.convert(context, DynaStoreConstants.FENCING_TOKEN, given, Long.class);
        ExchangeLeases.of(exchange)
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
                    + given.getClass().getName() + ": set it to a Map of field names and values.");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((name, value) -> fields.put(name == null ? "" : name.toString(), value));
        return fields;
    }

    private Call<?> list(Exchange exchange, ListRead read) {
        ListOptions asked = read.list.build().options();
        IndexSchema index = IndexSchema.of(schema, asked);
        KeyAttribute partitionKey = index == null ? schema.partitionKey() : index.partitionKey();
        ListCall.Builder call = read.list.partitionKey(keys.partition(exchange.getMessage(), partitionKey));
        bounded(call, asked, sortKey(index));
        String token = asked.nextToken();
        if (token != null && SeenVersions.of(exchange).leftOver(token, ListQueryKey.of(location, call.build()))) {
            call.nextToken(null);
        }
        return read.build();
    }
}
