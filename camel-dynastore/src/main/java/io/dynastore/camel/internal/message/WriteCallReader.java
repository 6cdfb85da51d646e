/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.ClaimIndexes;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.LeftOvers;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.BulkCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.TransactCall;
import io.dynastore.store.WriteCall;
import io.dynastore.store.codec.PayloadCodec;
import java.util.List;
import java.util.Map;
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
    private final WholeItems whole;
    private final WriteConditions conditions;
    private final KeyReader keys;
    private final TransactionReader writes;
    private final CallTemplate<WriteCall.Builder> create;
    private final CallTemplate<WriteCall.Builder> put;
    private final CallTemplate<WriteCall.Builder> update;
    private final CallTemplate<DeleteCall.Builder> delete;
    private final CallTemplate<TransactCall.Builder> transact;
    private final BulkCallReader bulks;

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
        this.whole = new WholeItems(location, options.getPayloadMode().flat());
        this.conditions = new WriteConditions(context, location, options.isOptimisticLocking());
        this.keys = keys;
        this.writes = new TransactionReader(keys, codec, location, whole);
        this.bulks = new BulkCallReader(
                context, options, location, new BulkReader(keys, codec, writes), conditions, threads);
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

    private static CallTemplate<WriteCall.Builder> template(
            List<OptionBinding<WriteCall.Builder, ?>> heeded, WriteCall.Kind kind, DynaStoreConfiguration options) {
        return new CallTemplate<>(
                heeded, WriteCall.builder(kind).claimIndex(ClaimIndexes.of(options)), WriteCall.Builder::copy, options);
    }

    WriteCall create(Exchange exchange) {
        WriteCall.Builder call = create.copy(context, exchange.getMessage());
        call.idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(conditions.fencingToken(exchange));
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
        call.idempotencyToken(UnresolvedWrite.of(exchange, location)).fencingToken(conditions.fencingToken(exchange));
        return stored(exchange, call, (key, item) -> {
            // What only adds to numbers is right whatever the item's version.
            WriteConditions.expect(
                    call, conditions.expected(exchange, key, item, follows && !onlyIncrements(exchange, call)));
            whole.check(exchange, key, call.payloadMode(), item);
            if (ExchangeState.of(exchange).seen().isDelivered(location, key)) {
                // The consumer deletes the item in the version that its route wrote last.
                call.returnVersion(true);
            }
        });
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
        call.key(key)
                .idempotencyToken(UnresolvedWrite.of(exchange, location))
                .fencingToken(conditions.fencingToken(exchange));
        try {
            WriteConditions.expect(call, conditions.expected(exchange, key, item, true));
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table() + ", key " + key);
        }
        return call.build();
    }

    TransactCall transact(Exchange exchange) {
        TransactCall.Builder call = transact.copy(context, exchange.getMessage());
        return call.idempotencyToken(UnresolvedWrite.of(exchange, location))
                .fencingToken(conditions.fencingToken(exchange))
                .writes(writes.read(
                        exchange, call.payloadFormat(), call.payloadMode(), conditions.locking(exchange.getMessage())))
                .build();
    }

    /** The calls of putAll, createAll and deleteAll. */
    BulkCall bulk(Exchange exchange, Operation operation) {
        return bulks.bulk(exchange, operation);
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
