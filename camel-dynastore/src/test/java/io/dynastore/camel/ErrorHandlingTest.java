/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.ReservedFieldException;
import io.dynastore.store.VersionConflictException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Errors reach onException by their type, and a redelivery sends the request again. */
class ErrorHandlingTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("operation=create&" + KEYS, Map.of(), KeyExistsException.class),
                Arguments.of("operation=get&partitionKey=none&sortKey=1", Map.of(), KeyNotFoundException.class),
                Arguments.of("operation=update&partitionKey=none&sortKey=1", Map.of(), KeyNotFoundException.class),
                Arguments.of("operation=delete&partitionKey=none&sortKey=1", Map.of(), KeyNotFoundException.class),
                Arguments.of(
                        "operation=update&" + KEYS,
                        Map.of(DynaStoreConstants.EXPECTED_VERSION, 9),
                        VersionConflictException.class),
                Arguments.of(
                        "operation=put&" + KEYS,
                        Map.of(DynaStoreConstants.FIELDS, Map.of("id", "x")),
                        ReservedFieldException.class),
                Arguments.of(
                        "operation=list&partitionKey=customer",
                        Map.of(DynaStoreConstants.NEXT_TOKEN, "x"),
                        InvalidTokenException.class),
                Arguments.of("operation=get&sortKey=1", Map.of(), InvalidInputException.class));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void onExceptionMatchesTheErrorByItsOwnTypeAndByTheCommonRoot(
            String options, Map<String, Object> headers, Class<? extends DynaStoreException> type) throws Exception {
        given("customer", "1", "old");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(type)
                        .onWhen(header("by").isEqualTo("type"))
                        .handled(true)
                        .setBody(constant("by type"));
                onException(DynaStoreException.class).handled(true).setBody(constant("by root"));
                from("direct:start").to(store(options));
            }
        });
        Map<String, Object> byType = new java.util.HashMap<>(headers);
        byType.put("by", "type");

        assertThat(done(send("direct:start", "x", byType)).getBody()).isEqualTo("by type");
        Exchange byRoot = send("direct:start", "x", headers);
        assertThat(done(byRoot).getBody()).isEqualTo("by root");
        assertThat(byRoot.getProperty(Exchange.EXCEPTION_CAUGHT)).isExactlyInstanceOf(type);
        assertThat(stored()).containsExactly(item("customer", "1", "old", 1));
    }

    @Test
    void errorsOfTheSdkPassThroughUnchanged() throws Exception {
        Exchange exchange = through(null, Map.of(), "dynastore:no-such-table?operation=get&" + KEYS);

        assertThat(exchange.getException()).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void redeliverySendsTheRequestAgain() throws Exception {
        AtomicInteger redeliveries = new AtomicInteger();
        String start = route((builder, from) -> from.errorHandler(builder.defaultErrorHandler()
                        .maximumRedeliveries(2)
                        .redeliveryDelay(0)
                        .onRedelivery(exchange -> {
                            if (redeliveries.incrementAndGet() == 2) {
                                given("customer", "1", "there at last");
                            }
                        }))
                .to(store("operation=get&" + KEYS)));

        assertThat(done(send(start, null, Map.of())).getBody()).isEqualTo("there at last");
        assertThat(sent()).containsExactly("GetItem", "GetItem", "GetItem");
    }

    @Test
    void redeliveryOfTheUpdateAloneNeverOverwritesAnotherWrite() throws Exception {
        given("customer", "1", "old");
        String start = route((builder, from) -> from.errorHandler(builder.defaultErrorHandler()
                        .maximumRedeliveries(2)
                        .redeliveryDelay(0)
                        .logExhausted(false))
                .to(store("operation=get&" + KEYS))
                .process(exchange -> dynamo.rawPut(table, item("customer", "1", "theirs", 7)))
                .setBody(builder.constant("mine"))
                .to(store("operation=update&" + KEYS)));

        failure(send(start, null, Map.of()), VersionConflictException.class);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "theirs", 7));
    }

    @Test
    void subRouteOfGetChangeAndUpdateIsRepeatedAsAWhole() throws Exception {
        given("customer", "1", "1");
        AtomicInteger others = new AtomicInteger();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:change")
                        .errorHandler(noErrorHandler())
                        .to(store("operation=get&" + KEYS))
                        .process(exchange -> {
                            if (others.incrementAndGet() <= 3) {
                                dynamo.rawPut(
                                        table, item("customer", "1", "1" + "0".repeat(others.get()), 1 + others.get()));
                            }
                        })
                        .setBody(simple("${body}+"))
                        .to(store("operation=update&" + KEYS));
                from("direct:start")
                        .onException(VersionConflictException.class)
                        .maximumRedeliveries(5)
                        .redeliveryDelay(0)
                        .end()
                        .to("direct:change");
            }
        });

        Exchange exchange = send("direct:start", "body of the caller", Map.of());

        assertThat(done(exchange).getHeader(DynaStoreConstants.VERSION)).isEqualTo(5L);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "1000+", 5));
        assertThat(others).hasValue(4);
    }
}
