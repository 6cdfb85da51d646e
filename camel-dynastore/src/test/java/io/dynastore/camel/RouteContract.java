/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.Item;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The base of tests that check the contract with route authors by real routes on a real engine. Each test has a
 * context and a table of its own. The client is a bean of the registry, which records its requests.
 */
public abstract class RouteContract {

    @RegisterExtension
    protected static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    protected static final TableSpec WITH_SORT_KEY =
            TableSpec.partitionKey("id", S).sortKey("name", S);

    /** Shared by all tests, to reuse its connections. */
    protected static final RecordingHttpClient HTTP = RecordingHttpClient.overNetty();

    private static final DynamoDbAsyncClient RECORDED =
            dynamo.clientBuilder().httpClient(HTTP).build();

    private static final AtomicInteger ROUTES = new AtomicInteger();

    protected DefaultCamelContext context = new DefaultCamelContext();
    protected ProducerTemplate template;
    protected String table;

    @BeforeEach
    void startContext() throws Exception {
        table = dynamo.table("tickets", tableSpec());
        configure(context);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
        template = context.createProducerTemplate();
        HTTP.clear();
    }

    @AfterEach
    void stopContext() throws Exception {
        context.close();
    }

    /** The layout of the test's table. */
    protected TableSpec tableSpec() {
        return WITH_SORT_KEY;
    }

    /** Configures the context before it starts. */
    protected void configure(DefaultCamelContext fresh) throws Exception {
        fresh.getRegistry().bind("client", recorded());
    }

    /** The client whose requests are recorded. */
    protected static DynamoDbAsyncClient recorded() {
        return RECORDED;
    }

    /** The URI of the test's table with these options. */
    protected String store(String options) {
        return "dynastore:" + table + "?" + options;
    }

    /** Starts a route from a fresh direct endpoint, whose URI is returned. */
    protected String route(RouteBody body) throws Exception {
        String from = "direct:r" + ROUTES.incrementAndGet();
        LambdaRouteBuilder routes = builder -> {
            // Most errors here are expected; a test that needs them in the log sets it.
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            body.define(builder, builder.from(from));
        };
        RouteBuilder.addRoutes(context, routes);
        return from;
    }

    /** Sends a message through a route that calls the endpoints with these URIs, one after the other. */
    protected Exchange through(@Nullable Object body, Map<String, ?> headers, String... uris) throws Exception {
        return send(route((builder, from) -> from.to(uris)), body, headers);
    }

    /** Sends a message to an endpoint, and waits until the exchange completes. */
    protected Exchange send(String endpoint, @Nullable Object body, Map<String, ?> headers) {
        return template.send(endpoint, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** Stores an item with version 1, not through a route. */
    protected void given(String id, String name, String payload) {
        dynamo.rawPut(table, item(id, name, payload, 1));
    }

    protected static Map<String, AttributeValue> item(String id, String name, String payload, long version) {
        Map<String, AttributeValue> item = new HashMap<>(key(id, name));
        item.put("payload", AttributeValue.fromS(payload));
        item.put("version", number(version));
        return item;
    }

    protected static Map<String, AttributeValue> key(String id, String name) {
        return Map.of("id", text(id), "name", text(name));
    }

    protected static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    protected static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** The item as it is stored, without the component's own attributes; empty if there is none. */
    protected Map<String, AttributeValue> stored(String id, String name) {
        return withoutInternals(dynamo.rawGet(table, key(id, name)));
    }

    /** All items of the table, without the component's own attributes. */
    protected List<Map<String, AttributeValue>> stored() {
        return dynamo.rawScan(table).stream()
                .map(RouteContract::withoutInternals)
                .toList();
    }

    private static Map<String, AttributeValue> withoutInternals(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> rest = new HashMap<>(item);
        rest.keySet().removeIf(name -> name.startsWith("_ds"));
        return rest;
    }

    /**
     * The operation names of the requests since the start of the test or the last {@code HTTP.clear()}, except for
     * descriptions of the table: locks, groups and claims ask for one when they begin.
     */
    protected static List<String> sent() {
        return sentAndAsked().stream()
                .filter(operation -> !operation.equals("DescribeTable"))
                .toList();
    }

    /** As {@link #sent}, with descriptions of the table. */
    protected static List<String> sentAndAsked() {
        return HTTP.requests().stream().map(RecordedRequest::operation).toList();
    }

    /** Asserts that the exchange failed with this error, and that no request was sent. */
    protected static <T extends Throwable> T refusal(Exchange exchange, Class<T> type) {
        assertThat(exchange.getException()).isInstanceOf(type);
        assertThat(sent()).isEmpty();
        return exchange.getException(type);
    }

    /** Asserts that the exchange failed with exactly this type of error. */
    protected static <T extends Throwable> T failure(Exchange exchange, Class<T> type) {
        assertThat(exchange.getException()).isExactlyInstanceOf(type);
        return exchange.getException(type);
    }

    /** Asserts that the exchange succeeded; returns its message. */
    protected static Message done(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage();
    }

    /** The items of a list or batchGet. */
    protected static List<Item> items(Message message) {
        return ((List<?>) message.getBody()).stream().map(Item.class::cast).toList();
    }

    /** The steps after from() in a route. */
    public interface RouteBody {
        void define(RouteBuilder builder, RouteDefinition from) throws Exception;
    }
}
