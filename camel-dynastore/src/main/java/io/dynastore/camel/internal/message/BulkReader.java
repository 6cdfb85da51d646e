/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynastore.camel.internal.exchange.ExchangeCompletion;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.Write;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.codec.SingleValues;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.BaseStream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of putAll, createAll and deleteAll from the body: anything that can be iterated over or, with
 * payload format json, JSON text that is an array. Thread safe.
 */
final class BulkReader {

    private static final String OPERATION = "operation";

    private final KeyReader keys;
    private final PayloadCodec codec;
    private final TransactionReader writes;

    BulkReader(KeyReader keys, PayloadCodec codec, TransactionReader writes) {
        this.keys = keys;
        this.codec = codec;
        this.writes = writes;
    }

    /**
     * The entries of the body, which is not read further than the iteration goes.
     *
     * @throws InvalidInputException if the body has none
     */
    Iterator<?> entries(Exchange exchange, PayloadFormat format, String operation) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Iterator<?> iterator) {
            return iterator;
        }
        if (body instanceof JsonNode array && array.isArray()) {
            return array.iterator();
        }
        if (body instanceof Iterable<?> iterable && !(body instanceof JsonNode)) {
            return iterable.iterator();
        }
        if (body instanceof BaseStream<?, ?> stream) {
            return closing(exchange, stream);
        }
        if (body instanceof Object[] array) {
            return Arrays.asList(array).iterator();
        }
        if (format == PayloadFormat.JSON && !(body instanceof JsonNode)) {
            body = BodyReader.document(exchange);
            JsonNode document = codec.document(body);
            if (document != null && document.isArray()) {
                return document.iterator();
            }
        }
        throw new InvalidInputException("Operation " + operation + " reads its entries from the body, and the body is "
                + (body == null ? "null" : "a " + body.getClass().getName())
                + ": send a list, another Iterable, an Iterator or a Stream, or with payloadFormat=json a JSON array.");
    }

    /** A Stream may hold a file open: it is closed at its end, and with the exchange if it is not read so far. */
    private static Iterator<?> closing(Exchange exchange, BaseStream<?, ?> stream) {
        CompletableFuture<?> unused =
                ExchangeCompletion.of(exchange).ended().whenComplete((error, failed) -> stream.close());
        Iterator<?> entries = stream.iterator();
        return new Iterator<Object>() {
            @Override
            public boolean hasNext() {
                boolean more = entries.hasNext();
                if (!more) {
                    stream.close();
                }
                return more;
            }

            @Override
            public Object next() {
                return entries.next();
            }
        };
    }

    /**
     * The write of an entry.
     *
     * @param mode what happens to the stored payload where an entry leaves it open
     * @param locking whether a delete that expects no version expects the one that this exchange has seen
     * @throws InvalidInputException naming the remedy
     */
    Write write(
            Exchange exchange,
            @Nullable Object entry,
            Write.Kind kind,
            PayloadFormat format,
            PayloadMode mode,
            boolean locking) {
        Write write = entry instanceof Item item
                ? item(exchange, item, kind, format, mode, locking)
                : kind == Write.Kind.DELETE && entry != null && isKey(entry)
                        ? Write.delete(keys.entry(exchange.getMessage(), entry))
                        : writes.write(exchange, named(entry, kind), format, mode);
        writes.whole(exchange, write, mode, entry instanceof Item item ? item : null);
        return locking && kind == Write.Kind.DELETE ? writes.expecting(exchange, write) : write;
    }

    private Write item(
            Exchange exchange, Item item, Write.Kind kind, PayloadFormat format, PayloadMode mode, boolean locking) {
        Key key = keys.key(
                exchange.getMessage(), item.key().partitionKey(), item.key().sortKey());
        return switch (kind) {
            case DELETE -> Write.delete(key).expectedVersion(locking ? (Long) item.version() : null);
            default -> {
                boolean valued = kind == Write.Kind.CREATE || mode != PayloadMode.KEEP;
                Object value = valued ? BodyReader.value(exchange, item.payload(), format) : null;
                yield new Write(kind, key, value, item.fields(), null, null, null, Map.of(), null);
            }
        };
    }

    private static boolean isKey(Object entry) {
        return entry instanceof Key || SingleValues.plain(entry) != null;
    }

    /** An entry that names no operation has that of the endpoint. */
    private static @Nullable Object named(@Nullable Object entry, Write.Kind kind) {
        if (entry instanceof ObjectNode object && !object.has(OPERATION)) {
            return object.deepCopy().put(OPERATION, kind.text());
        }
        if (entry instanceof Map<?, ?> map && !map.containsKey(OPERATION)) {
            Map<Object, @Nullable Object> named = new LinkedHashMap<>(map);
            named.put(OPERATION, kind.text());
            return named;
        }
        return entry;
    }
}
