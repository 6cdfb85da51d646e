/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads exchanges, and those within their values. See {@link ExchangeForm}. */
final class ExchangeDecoder {

    private final ValueForm values;
    private final CamelContext context;

    ExchangeDecoder(ValueForm values, CamelContext context) {
        this.values = values;
        this.context = context;
    }

    /** The exchange of some attributes. */
    Exchange exchange(Map<String, AttributeValue> attributes) {
        Exchange exchange = new DefaultExchange(
                context,
                ExchangePattern.valueOf(Objects.requireNonNull(attributes.get(ExchangeForm.PATTERN))
                        .s()));
        exchange.setExchangeId(
                Objects.requireNonNull(attributes.get(ExchangeForm.ID)).s());
        fill(exchange.getMessage(), attributes);
        each(attributes.get(ExchangeForm.VARIABLES), exchange::setVariable);
        each(attributes.get(ExchangeForm.PROPERTIES), exchange::setProperty);
        AttributeValue routeId = attributes.get(ExchangeForm.ROUTE);
        if (routeId != null) {
            exchange.getExchangeExtension().setFromRouteId(routeId.s());
            Route route = context.getRoute(routeId.s());
            if (route != null) {
                exchange.getExchangeExtension().setFromEndpoint(route.getEndpoint());
            }
        }
        return exchange;
    }

    /** The exchange or message of a value; null if it is another one. */
    @Nullable
    Object decode(ValueForm.Typed typed) {
        return switch (typed.type()) {
            case ExchangeEncoder.EXCHANGE -> exchange(typed.attributes());
            case ExchangeEncoder.MESSAGE -> {
                Message message = new DefaultExchange(context).getMessage();
                fill(message, typed.attributes());
                yield message;
            }
            default -> null;
        };
    }

    private void fill(Message message, Map<String, AttributeValue> attributes) {
        message.setBody(values.decode(Objects.requireNonNull(attributes.get(ExchangeForm.BODY)), this));
        each(attributes.get(ExchangeForm.HEADERS), message::setHeader);
    }

    private void each(@Nullable AttributeValue members, BiConsumer<String, @Nullable Object> consumer) {
        if (members != null) {
            members.m().forEach((name, value) -> consumer.accept(name, values.decode(value, this)));
        }
    }

    /** Loads the classes of serialized values. */
    ClassLoader loader() {
        ClassLoader application = context.getApplicationContextClassLoader();
        return application == null ? ExchangeForm.class.getClassLoader() : application;
    }
}
