/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.store.Due;
import io.dynastore.store.Expiry;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.Numbers;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.Write;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.codec.SingleValues;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/**
 * Reads the writes of a transaction from the body: a collection of {@link Write} and of Maps, or, with payload format
 * json, JSON text that is an array of objects. Thread safe.
 *
 * <p>A Map with a name that means nothing here is rejected. So is a write without value, and a delete with one.
 */
final class TransactionReader {

    private static final String OPERATION = "operation";
    private static final String PARTITION_KEY = "partitionKey";
    private static final String SORT_KEY = "sortKey";
    private static final String VALUE = "value";
    private static final String FIELDS = "fields";
    private static final String INCREMENTS = "increments";
    private static final String PAYLOAD_MODE = "payloadMode";
    private static final String TTL = "ttl";
    private static final String DELIVER_AFTER = "deliverAfter";
    private static final String EXPECTED_VERSION = "expectedVersion";

    private static final List<String> NAMES = List.of(
            OPERATION,
            PARTITION_KEY,
            SORT_KEY,
            VALUE,
            FIELDS,
            INCREMENTS,
            PAYLOAD_MODE,
            TTL,
            DELIVER_AFTER,
            EXPECTED_VERSION);

    private final KeyReader keys;
    private final PayloadCodec codec;
    private final TableLocation location;
    private final WholeItems whole;

    TransactionReader(KeyReader keys, PayloadCodec codec, TableLocation location, WholeItems whole) {
        this.keys = keys;
        this.codec = codec;
        this.location = location;
        this.whole = whole;
    }

    /**
     * The writes, complete.
     *
     * @param mode what happens to the stored payload where a write leaves it open
     * @param locking whether an update or delete that expects no version expects the one that this exchange has seen
     * @throws InvalidInputException naming the write, and the key where it is known
     */
    List<Write> read(Exchange exchange, PayloadFormat format, PayloadMode mode, boolean locking) {
        List<@Nullable Object> given = given(exchange, format);
        List<Write> writes = new ArrayList<>(given.size());
        for (Object each : given) {
            try {
                Write write = whole(exchange, write(exchange, each, format, mode), mode, null);
                writes.add(locking && !onlyIncrements(write, mode) ? expecting(exchange, write) : write);
            } catch (InvalidInputException e) {
                throw e.at("Table " + location.table() + ", write " + (writes.size() + 1) + " of " + given.size());
            }
        }
        return writes;
    }

    private List<@Nullable Object> given(Exchange exchange, PayloadFormat format) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        if (format == PayloadFormat.JSON && !(body instanceof JsonNode)) {
            body = BodyReader.document(exchange);
            JsonNode document = codec.document(body);
            body = document == null ? body : document;
        }
        if (body instanceof JsonNode array && array.isArray()) {
            List<@Nullable Object> elements = new ArrayList<>();
            array.forEach(elements::add);
            return elements;
        }
        throw new InvalidInputException("Operation transact reads its writes from the body, and the body is "
                + (body == null ? "null" : "a " + body.getClass().getName())
                + ": send a list of io.dynastore.store.Write or of Maps, or with payloadFormat=json a"
                + " JSON array of objects.");
    }

    /**
     * One write, complete.
     *
     * @throws InvalidInputException if it can't be read
     */
    Write write(Exchange exchange, @Nullable Object given, PayloadFormat format, PayloadMode mode) {
        if (given instanceof Write write) {
            return new Write(
                    write.kind(),
                    keys.key(
                            exchange.getMessage(),
                            write.key().partitionKey(),
                            write.key().sortKey()),
                    value(exchange, write.value(), format),
                    write.fields(),
                    write.expiry(),
                    write.due(),
                    write.payloadMode(),
                    write.increments(),
                    write.expectedVersion());
        }
        if (given instanceof JsonNode object && object.isObject()) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            return write(exchange, members, format, mode);
        }
        if (given instanceof Map<?, ?> map) {
            return write(exchange, MapReader.named(map, "It"), format, mode);
        }
        throw new InvalidInputException("It is "
                + (given == null ? "null" : "a " + given.getClass().getName())
                + ": give an io.dynastore.store.Write, or a Map of " + String.join(", ", NAMES) + ".");
    }

    private Write write(Exchange exchange, Map<String, @Nullable Object> map, PayloadFormat format, PayloadMode mode) {
        for (String name : map.keySet()) {
            if (!NAMES.contains(name)) {
                throw new InvalidInputException("It has an entry '" + Key.shown(name)
                        + "', which means nothing here: use " + String.join(", ", NAMES) + ".");
            }
        }
        Message message = exchange.getMessage();
        Write.Kind kind = kind(plain(map.get(OPERATION)));
        Key key = keys.key(message, plain(map.get(PARTITION_KEY)), plain(map.get(SORT_KEY)));
        try {
            PayloadMode own = payloadMode(plain(map.get(PAYLOAD_MODE)));
            PayloadMode resolved = own == null ? mode : own;
            boolean valued = kind.stores() && (kind == Write.Kind.CREATE || resolved != PayloadMode.KEEP);
            if (valued != map.containsKey(VALUE)) {
                throw new InvalidInputException(
                        valued
                                ? "A " + kind.text() + " without value: name one, which may be null."
                                : "A " + kind.text() + (kind.stores() ? " that keeps the payload" : "")
                                        + " stores no value: leave out the value.");
            }
            Object ttl = plain(map.get(TTL));
            Object due = plain(map.get(DELIVER_AFTER));
            return new Write(
                    kind,
                    key,
                    value(exchange, map.get(VALUE), format),
                    fields(map.get(FIELDS)),
                    ttl == null ? null : expiry(ttl),
                    due == null ? null : due(due),
                    own,
                    increments(map.get(INCREMENTS)),
                    expectedVersion(map));
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table() + ", key " + key);
        }
    }

    /**
     * The same write.
     *
     * @param item the item that is written; null if it is another value
     * @throws InvalidInputException naming the key, if it would remove what was not read
     */
    Write whole(Exchange exchange, Write write, PayloadMode mode, @Nullable Item item) {
        if (write.kind() == Write.Kind.PUT || write.kind() == Write.Kind.UPDATE) {
            try {
                whole.check(exchange, write.key(), write.payloadMode() == null ? mode : write.payloadMode(), item);
            } catch (InvalidInputException e) {
                throw e.at("Table " + location.table() + ", key " + write.key());
            }
        }
        return write;
    }

    private static Map<String, Number> increments(@Nullable Object given) {
        return given == null || plain(given) == null ? Map.of() : MapReader.numbers(given, "The increments");
    }

    private static @Nullable PayloadMode payloadMode(@Nullable Object given) {
        String text = SingleValues.text(given instanceof PayloadMode mode ? mode.name() : given);
        if (text == null && given == null) {
            return null;
        }
        String name = text == null ? "" : text.trim();
        return Arrays.stream(PayloadMode.values())
                .filter(mode -> mode.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("Its payloadMode is none: use replace, keep or merge."));
    }

    private static Write.Kind kind(@Nullable Object given) {
        String text = SingleValues.text(given);
        String name = text == null ? "" : text.trim();
        return Arrays.stream(Write.Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        (text == null ? "It names no operation" : "A write can't be '" + Key.shown(name) + "'")
                                + ": use one of "
                                + Arrays.stream(Write.Kind.values())
                                        .map(Write.Kind::text)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /** A stream could be read only once, and not by a redelivery. */
    private static @Nullable Object value(Exchange exchange, @Nullable Object given, PayloadFormat format) {
        if ((given instanceof InputStream || given instanceof Reader) && !(given instanceof StreamCache)) {
            throw new InvalidInputException(
                    "Its value is a stream, which can be read only once: convert it to text or bytes.");
        }
        if (given instanceof JsonNode node && node.isNull()) {
            return null;
        }
        return BodyReader.value(exchange, given instanceof Item item ? item.payload() : given, format);
    }

    private static Map<String, @Nullable Object> fields(@Nullable Object given) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (given instanceof JsonNode object && object.isObject()) {
            object.properties()
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().isNull() ? null : field.getValue()));
        } else if (given instanceof Map<?, ?> map) {
            return MapReader.named(map, "The fields");
        } else if (plain(given) != null) {
            throw new InvalidInputException("Its fields are no Map: give names and values.");
        }
        return fields;
    }

    private static Expiry expiry(Object given) {
        return given instanceof Expiry expiry ? expiry : TtlParser.parse(given);
    }

    private static Due due(Object given) {
        return given instanceof Due due ? due : DueParser.parse(given);
    }

    /** If it is there without a value, the route has lost that value. */
    private static @Nullable Long expectedVersion(Map<?, ?> map) {
        Object given = plain(map.get(EXPECTED_VERSION));
        if (given == null && map.containsKey(EXPECTED_VERSION)) {
            throw new InvalidInputException("Its expectedVersion is null: give a version, or leave it out.");
        }
        return given == null ? null : version(given);
    }

    private static Long version(Object given) {
        if (given instanceof Long version) {
            return version;
        }
        try {
            Number number = SingleValues.number(given);
            if (number != null) {
                return number instanceof BigDecimal decimal
                        ? decimal.longValueExact()
                        : Numbers.exact(number).longValueExact();
            }
        } catch (InvalidInputException | ArithmeticException e) {
            // Reported below.
        }
        throw new InvalidInputException("Its expectedVersion is not a whole number: correct or remove it.");
    }

    /** What stands in a JSON document as text, number or null, in Java types. */
    private static @Nullable Object plain(@Nullable Object given) {
        if (!(given instanceof JsonNode node)) {
            return given;
        }
        if (node.isNull()) {
            return null;
        }
        return node.isNumber() ? node.numberValue() : node.isTextual() ? node.textValue() : node;
    }

    /** What only adds to numbers is right whatever the item's version. */
    private static boolean onlyIncrements(Write write, PayloadMode mode) {
        return (write.payloadMode() == null ? mode : write.payloadMode()) == PayloadMode.KEEP
                && write.fields().isEmpty()
                && !write.increments().isEmpty();
    }

    /** An update or delete that expects no version expects the one that this exchange has seen. */
    Write expecting(Exchange exchange, Write write) {
        boolean follows = write.kind() == Write.Kind.UPDATE || write.kind() == Write.Kind.DELETE;
        SeenVersions.Seen seen = follows ? ExchangeState.of(exchange).seen().item(location, write.key()) : null;
        return seen != null && write.expectedVersion() == null ? write.expectedVersion(seen.version()) : write;
    }
}
