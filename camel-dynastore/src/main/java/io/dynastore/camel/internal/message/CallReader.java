/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeLeases;
import io.dynastore.camel.internal.exchange.ListQueryKey;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.Call;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.LockLostException;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    private final @Nullable Operation operation;
    private final Set<Operation> allowed;
    private final boolean optimisticLocking;

    /** Headers that must not say otherwise: a partition that the URI names is one of the attribute that the URI means. */
    private final Set<String> fixed;

    private final KeyReader keys;
    private final TransactionReader writes;
    private final Map<Operation, Call.Builder> templates = new EnumMap<>(Operation.class);

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
            for (Operation each : Operation.values()) {
                templates.put(each, template(options, each));
            }
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    private Call.Builder template(DynaStoreConfiguration options, Operation each) {
        Call.Builder call = Call.of(each);
        CallOptions.of(each).forEach(option -> option.fromUri(options, call));
        call.build();
        return call;
    }

    /**
     * The call that an exchange asks for.
     *
     * @throws InvalidInputException naming the table, the key where it is known, and the remedy
     */
    public Call read(Exchange exchange, Operation asked) {
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
    public Call.Builder consumed() {
        Call.Builder list =
                Objects.requireNonNull(templates.get(Operation.LIST)).copy(Operation.LIST);
        Call asked = list.build();
        IndexSchema index = IndexSchema.of(schema, asked);
        KeyAttribute sortKey = index == null ? schema.sortKey() : index.sortKey();
        return list.sortKeyFrom(keys.bound(asked.sortKeyFrom(), sortKey, "sortKeyFrom"))
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
    public Operation operation(Message message) {
        try {
            return asked(message);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    private Operation asked(Message message) {
        if (operation != null) {
            return operation;
        }
        Object given = message.getHeader(DynaStoreConstants.OPERATION);
        if (given == null) {
            throw new InvalidInputException("No operation: name one in the URI (operation=create) or in the header "
                    + DynaStoreConstants.OPERATION + ".");
        }
        Operation asked = given instanceof Operation known ? known : OperationParser.named(given.toString());
        if (!allowed.contains(asked)) {
            throw new InvalidInputException("The operation " + asked.text()
                    + " may not be asked for by a header here: name it in the URI, or in allowedOperations.");
        }
        return asked;
    }

    private Call call(Exchange exchange, Operation asked) {
        Message message = exchange.getMessage();
        Call.Builder call = Objects.requireNonNull(templates.get(asked)).copy(asked);
        for (OptionBinding<Call.Builder, ?> option : CallOptions.of(asked)) {
            if (!fixed.contains(option.header())) {
                option.fromHeader(context, message, call);
            }
        }
        if (asked.writes()) {
            call.repeats(UnresolvedWrite.of(exchange, location));
        }
        if (asked == Operation.UPDATE || asked == Operation.PUT || asked == Operation.TRANSACT) {
            call.fencingToken(fencingToken(exchange));
        }
        switch (asked) {
            case CREATE, PUT, UPDATE -> store(exchange, call, asked);
            case DELETE -> delete(exchange, call, message);
            case GET, EXISTS -> call.key(keys.key(message, null));
            case LIST -> list(exchange, call, call.build());
            case BATCH_GET -> call.keys(keys.keys(message));
            case TRANSACT -> call.writes(writes.read(exchange, call.payloadFormat(), locking(message)));
            case LOCK, RENEW, UNLOCK -> throw new IllegalArgumentException("Not a call of the store: " + asked.text());
        }
        return call.build();
    }

    private void store(Exchange exchange, Call.Builder call, Operation asked) {
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
            if (asked != Operation.CREATE) {
                expect(call, expected(exchange, message, key, item, asked == Operation.UPDATE));
            }
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + ", key " + key);
        }
    }

    private void delete(Exchange exchange, Call.Builder call, Message message) {
        Item item = message.getBody() instanceof Item body ? body : null;
        Key key = keys.key(message, item);
        try {
            expect(call.key(key), expected(exchange, message, key, item, true));
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table() + ", key " + key);
        }
    }

    private static void expect(Call.Builder call, SeenVersions.@Nullable Seen expected) {
        if (expected != null) {
            call.expectedVersion(expected.version()).expectedIncarnation(expected.incarnation());
        }
    }

    /**
     * The header's version; else, where the operation follows what was seen, that of the item in the body or of the exchange. Only
     * what the exchange has seen by itself has a incarnation.
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

    private void list(Exchange exchange, Call.Builder call, Call asked) {
        IndexSchema index = IndexSchema.of(schema, asked);
        KeyAttribute sortKey = index == null ? schema.sortKey() : index.sortKey();
        KeyAttribute partitionKey = index == null ? schema.partitionKey() : index.partitionKey();
        call.partitionKey(keys.partition(exchange.getMessage(), partitionKey))
                .sortKeyFrom(keys.bound(asked.sortKeyFrom(), sortKey, "sortKeyFrom"))
                .sortKeyTo(keys.bound(asked.sortKeyTo(), sortKey, "sortKeyTo"));
        String token = asked.nextToken();
        if (token != null && SeenVersions.of(exchange).leftOver(token, ListQueryKey.of(location, call.build()))) {
            call.nextToken(null);
        }
    }
}
