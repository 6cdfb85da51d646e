/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.BatchGetCall;
import io.dynastore.store.Call;
import io.dynastore.store.ExistsCall;
import io.dynastore.store.GetCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.ListCall;
import io.dynastore.store.Operation;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.codec.SingleValues;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Makes the call of an exchange: what the URI names is fixed, headers fill what it leaves open, every other header
 * overrides the URI. Thread safe; what the URI says is read and checked once, when the endpoint starts.
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
public final class CallReader {

    private final CamelContext context;
    private final TableSchema schema;
    private final @Nullable DynaStoreOperation operation;
    private final Set<DynaStoreOperation> allowed;
    private final KeyReader keys;
    private final WriteCallReader writes;
    private final ListCallReader lists;
    private final CallTemplate<GetCall.Builder> get;
    private final CallTemplate<ExistsCall.Builder> exists;
    private final CallTemplate<BatchGetCall.Builder> batchGet;

    /**
     * Reads what the URI says.
     *
     * @param threads where the bodies of bulk operations are read
     * @throws InvalidInputException naming the table and the option, if it can't be meant so
     */
    public CallReader(
            CamelContext context,
            DynaStoreConfiguration options,
            TableSchema schema,
            TableLocation location,
            PayloadCodec codec,
            Executor threads) {
        this.context = context;
        this.schema = schema;
        this.operation = options.getOperation();
        try {
            this.allowed = OperationParser.parse(options.getAllowedOperations());
            this.keys = new KeyReader(options, schema);
            this.writes = new WriteCallReader(context, options, location, keys, codec, threads);
            this.lists = new ListCallReader(context, options, schema, location, keys);
            this.get = new CallTemplate<>(CallOptions.GET, GetCall.builder(), GetCall.Builder::copy, options);
            this.exists =
                    new CallTemplate<>(CallOptions.EXISTS, ExistsCall.builder(), ExistsCall.Builder::copy, options);
            this.batchGet = new CallTemplate<>(
                    CallOptions.BATCH_GET, BatchGetCall.builder(), BatchGetCall.Builder::copy, options);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
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
            throw e.at(place(exchange.getMessage(), asked));
        }
    }

    private String place(Message message, Operation asked) {
        return switch (asked) {
            case CREATE, PUT, UPDATE, DELETE, GET, EXISTS -> keys.place(message);
            case LIST, BATCH_GET, TRANSACT, PUT_ALL, CREATE_ALL, DELETE_ALL -> "Table " + schema.table();
        };
    }

    /**
     * A list as the URI describes it, for the consumer: without partition and token.
     *
     * @throws InvalidInputException naming the option, if it can't be meant so
     */
    public ListCall.Builder consumed() {
        return lists.consumed();
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
                given instanceof DynaStoreOperation known ? known : OperationParser.named(text(given));
        if (!allowed.contains(asked)) {
            throw new InvalidInputException("The operation " + asked.text()
                    + " may not be asked for by a header here: name it in the URI, or in allowedOperations.");
        }
        return asked;
    }

    private static String text(Object given) {
        String text = SingleValues.text(given);
        return text == null ? "a " + given.getClass().getName() : text;
    }

    private Call<?> call(Exchange exchange, Operation asked) {
        Message message = exchange.getMessage();
        return switch (asked) {
            case CREATE -> writes.create(exchange);
            case PUT -> writes.put(exchange);
            case UPDATE -> writes.update(exchange);
            case DELETE -> writes.delete(exchange);
            case GET -> from(get, message).key(keys.key(message, null)).build();
            case EXISTS -> from(exists, message).key(keys.key(message, null)).build();
            case LIST -> lists.list(exchange);
            case BATCH_GET -> from(batchGet, message).keys(keys.keys(message)).build();
            case TRANSACT -> writes.transact(exchange);
            case PUT_ALL, CREATE_ALL, DELETE_ALL -> writes.bulk(exchange, asked);
        };
    }

    private <B> B from(CallTemplate<B> template, Message message) {
        return template.copy(context, message);
    }
}
