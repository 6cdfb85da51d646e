/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import java.io.File;
import java.io.InputStream;
import java.io.Reader;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes one exchange, and those within its values. See {@link ExchangeForm}.
 *
 * <p>A property is state of the aggregation strategy if the exchange comes from the table, and does not have it there.
 * Then it is never left out: the next message would not find it. The list of Camel's strategies for groups is such a
 * property, too. Other properties whose names begin with {@code Camel} belong to the running exchange, and are left
 * out if they can't be stored.
 */
final class ExchangeEncoder {

    static final String EXCHANGE = "Exchange";
    static final String MESSAGE = "Message";
    private static final String ATTACHMENTS = "CamelAttachmentObjects";

    private final ValueForm values;
    private final BiConsumer<String, InvalidInputException> leftOut;
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * An encoder for one exchange.
     *
     * @param leftOut is told the name of what is left out, and why
     */
    ExchangeEncoder(ValueForm values, BiConsumer<String, InvalidInputException> leftOut) {
        this.values = values;
        this.leftOut = leftOut;
    }

    /**
     * The attributes of an exchange.
     *
     * @param read whether it comes from the table
     * @throws InvalidInputException if a part can't be stored; the message names it, and has nothing of its value
     */
    Map<String, AttributeValue> attributes(Exchange exchange, boolean read) {
        return attributes(exchange, read, 1);
    }

    private Map<String, AttributeValue> attributes(Exchange exchange, boolean read, int depth) {
        rejectAttachments(exchange);
        Map<String, AttributeValue> attributes = attributes(exchange.getMessage(), depth);
        attributes.put(ExchangeForm.ID, AttributeValue.fromS(exchange.getExchangeId()));
        Map<String, Object> variables = exchange.hasVariables() ? exchange.getVariables() : Map.of();
        putAll(attributes, ExchangeForm.VARIABLES, headers("variable", variables, depth));
        putAll(attributes, ExchangeForm.PROPERTIES, properties(exchange, read, depth));
        attributes.put(
                ExchangeForm.PATTERN, AttributeValue.fromS(exchange.getPattern().name()));
        if (exchange.getFromRouteId() != null) {
            attributes.put(ExchangeForm.ROUTE, AttributeValue.fromS(exchange.getFromRouteId()));
        }
        return attributes;
    }

    /** Camel keeps them beside the properties. */
    private static void rejectAttachments(Exchange exchange) {
        Object attachments = exchange.getExchangeExtension().getSafeCopyProperty(ATTACHMENTS, Object.class);
        if (attachments != null && !(attachments instanceof Map<?, ?> map && map.isEmpty())) {
            throw new InvalidInputException("attachments of the exchange are not stored. Move them to the body or to"
                    + " headers before the aggregation, or remove them.");
        }
    }

    private Map<String, AttributeValue> attributes(Message message, int depth) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(ExchangeForm.BODY, named("the body", () -> values.encode(body(message), depth, this)));
        putAll(attributes, ExchangeForm.HEADERS, headers("header", message.getHeaders(), depth));
        return attributes;
    }

    private static void putAll(
            Map<String, AttributeValue> attributes, String name, Map<String, AttributeValue> members) {
        if (!members.isEmpty()) {
            attributes.put(name, AttributeValue.fromM(members));
        }
    }

    private static @Nullable Object body(Message message) {
        Object body = message.getBody();
        if (body instanceof StreamCache cache) {
            cache.reset();
            byte[] bytes = message.getBody(byte[].class);
            cache.reset();
            return bytes;
        }
        if (body instanceof InputStream || body instanceof Reader) {
            throw new InvalidInputException("A " + body.getClass().getName()
                    + " can be read only once: convert it to text or bytes before the aggregation.");
        }
        if (body instanceof WrappedFile || body instanceof File) {
            throw new InvalidInputException(
                    "A file is not stored: convert it to text or bytes before the aggregation.");
        }
        return body;
    }

    private Map<String, AttributeValue> headers(String kind, Map<String, Object> headers, int depth) {
        Map<String, AttributeValue> members = new HashMap<>();
        headers.forEach((name, value) -> {
            boolean needed = value instanceof Serializable && !name.startsWith("Camel");
            put(members, kind + " " + name, name, value, needed, depth);
        });
        return members;
    }

    private Map<String, AttributeValue> properties(Exchange exchange, boolean read, int depth) {
        Map<String, AttributeValue> members = new HashMap<>();
        exchange.getAllProperties().forEach((name, value) -> {
            if (!name.equals(GroupVersion.PROPERTY)) {
                put(members, "property " + name, name, value, isState(name, value, read), depth);
            }
        });
        return members;
    }

    private static boolean isState(String name, @Nullable Object value, boolean read) {
        if (name.startsWith("Camel")) {
            return name.equals(Exchange.GROUPED_EXCHANGE);
        }
        return (read || value instanceof Serializable) && !(value instanceof Throwable);
    }

    private void put(
            Map<String, AttributeValue> members,
            String what,
            String name,
            @Nullable Object value,
            boolean needed,
            int depth) {
        if (needed) {
            members.put(name, named(what, () -> values.encode(value, depth, this)));
            return;
        }
        try {
            members.put(name, values.encode(value, depth, this));
        } catch (InvalidInputException e) {
            if (!name.startsWith("Camel")) {
                leftOut.accept(what, e);
            }
        }
    }

    /** Adds to a message what is concerned. */
    private static AttributeValue named(String part, Supplier<AttributeValue> encoding) {
        try {
            return encoding.get();
        } catch (InvalidInputException e) {
            throw new InvalidInputException(part + " of the exchange can't be stored. " + e.getMessage());
        }
    }

    /**
     * The attributes of an exchange or message that is a value of another one; null if the value is neither.
     *
     * @param depth how many values it is within, and 1
     * @throws InvalidInputException if a part can't be stored, or if it contains itself
     */
    ValueForm.@Nullable Typed encode(Object value, int depth) {
        if (!(value instanceof Exchange) && !(value instanceof Message)) {
            return null;
        }
        if (!open.add(value)) {
            throw new InvalidInputException("An exchange within itself is not stored: collect copies, or bodies as"
                    + " AggregationStrategies.groupedBody does.");
        }
        try {
            return value instanceof Exchange exchange
                    ? new ValueForm.Typed(EXCHANGE, attributes(exchange, false, depth + 1))
                    : new ValueForm.Typed(MESSAGE, attributes((Message) value, depth + 1));
        } finally {
            open.remove(value);
        }
    }
}
