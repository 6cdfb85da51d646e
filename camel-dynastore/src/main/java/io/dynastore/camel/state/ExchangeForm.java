/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import java.io.File;
import java.io.InputStream;
import java.io.Reader;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts an exchange to attributes and back. Thread safe.
 *
 * <pre>
 *   _dsexchange     its id
 *   _dsbody         the body
 *   _dsheaders      the headers, by their names
 *   _dsproperties   the properties, by their names: those of the aggregator, and all others that can be stored
 *   _dsvariables    the variables, by their names
 *   _dspattern      its pattern
 *   _dsroute        the route that it comes from
 * </pre>
 *
 * <p>A body that can't be stored is refused, and so is a header or variable of a class that is not allowed. Objects
 * that no store can keep, such as connections, are left out where they are headers, properties or variables. The log
 * says so once for each name. Exceptions are not kept.
 */
final class ExchangeForm {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final String ID = "_dsexchange";
    private static final String BODY = "_dsbody";
    private static final String HEADERS = "_dsheaders";
    private static final String PROPERTIES = "_dsproperties";
    private static final String VARIABLES = "_dsvariables";
    private static final String PATTERN = "_dspattern";
    private static final String ROUTE = "_dsroute";

    private static final int MOST_REPORTED = 1000;

    private final String table;
    private final ValueForm values;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /**
     * A form.
     *
     * @param table the name of the table, for messages
     */
    ExchangeForm(String table, ValueForm values) {
        this.table = table;
        this.values = values;
    }

    /**
     * The attributes of an exchange.
     *
     * @throws InvalidInputException if a part can't be stored; the message names it, and has nothing of its value
     */
    Map<String, AttributeValue> encode(String key, Exchange exchange) {
        Message message = exchange.getMessage();
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(ID, AttributeValue.fromS(exchange.getExchangeId()));
        attributes.put(BODY, named(key, "the body", () -> values.encode(body(message))));
        putAll(attributes, HEADERS, headers(key, "header", message.getHeaders()));
        putAll(attributes, VARIABLES, headers(key, "variable", variables(exchange)));
        putAll(attributes, PROPERTIES, properties(exchange));
        attributes.put(PATTERN, AttributeValue.fromS(exchange.getPattern().name()));
        if (exchange.getFromRouteId() != null) {
            attributes.put(ROUTE, AttributeValue.fromS(exchange.getFromRouteId()));
        }
        return attributes;
    }

    private static Map<String, Object> variables(Exchange exchange) {
        return exchange.hasVariables() ? exchange.getVariables() : Map.of();
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

    private Map<String, AttributeValue> headers(String key, String kind, Map<String, Object> headers) {
        Map<String, AttributeValue> members = new HashMap<>();
        headers.forEach((name, value) -> {
            if (value instanceof Serializable && !name.startsWith("Camel")) {
                members.put(name, named(key, kind + " " + name, () -> values.encode(value)));
            } else {
                putIfStorable(members, kind, name, value);
            }
        });
        return members;
    }

    private Map<String, AttributeValue> properties(Exchange exchange) {
        Map<String, AttributeValue> members = new HashMap<>();
        exchange.getAllProperties().forEach((name, value) -> {
            if (!name.equals(GroupVersion.PROPERTY)) {
                putIfStorable(members, "property", name, value);
            }
        });
        return members;
    }

    private void putIfStorable(Map<String, AttributeValue> members, String kind, String name, @Nullable Object value) {
        try {
            members.put(name, values.encode(value));
        } catch (InvalidInputException e) {
            if (!name.startsWith("Camel") && reported.size() < MOST_REPORTED && reported.add(kind + name)) {
                LOG.warn(
                        "Table {}: the {} {} is left out of aggregated exchanges. {}",
                        table,
                        kind,
                        name,
                        e.getMessage());
            }
        }
    }

    /** Adds to a message what is concerned. */
    private AttributeValue named(String key, String part, Supplier<AttributeValue> encoding) {
        try {
            return encoding.get();
        } catch (InvalidInputException e) {
            throw new InvalidInputException("Table " + table + ", correlation key " + SortKeys.shown(key) + ": " + part
                    + " of the exchange can't be stored. " + e.getMessage());
        }
    }

    /** The exchange of some attributes. */
    Exchange decode(Map<String, AttributeValue> attributes, CamelContext context) {
        ClassLoader loader = loader(context);
        Exchange exchange = new DefaultExchange(
                context,
                ExchangePattern.valueOf(
                        Objects.requireNonNull(attributes.get(PATTERN)).s()));
        exchange.setExchangeId(Objects.requireNonNull(attributes.get(ID)).s());
        exchange.getMessage().setBody(values.decode(Objects.requireNonNull(attributes.get(BODY)), loader));
        each(attributes.get(HEADERS), loader, exchange.getMessage()::setHeader);
        each(attributes.get(VARIABLES), loader, exchange::setVariable);
        each(attributes.get(PROPERTIES), loader, exchange::setProperty);
        AttributeValue routeId = attributes.get(ROUTE);
        if (routeId != null) {
            exchange.getExchangeExtension().setFromRouteId(routeId.s());
            Route route = context.getRoute(routeId.s());
            if (route != null) {
                exchange.getExchangeExtension().setFromEndpoint(route.getEndpoint());
            }
        }
        return exchange;
    }

    private void each(
            @Nullable AttributeValue members, ClassLoader loader, BiConsumer<String, @Nullable Object> consumer) {
        if (members != null) {
            members.m().forEach((name, value) -> consumer.accept(name, values.decode(value, loader)));
        }
    }

    private static ClassLoader loader(CamelContext context) {
        ClassLoader application = context.getApplicationContextClassLoader();
        return application == null ? ExchangeForm.class.getClassLoader() : application;
    }
}
