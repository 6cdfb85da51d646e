/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.Write;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Transactions as route authors write them. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class TransactInRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final RecordingHttpClient HTTP = RecordingHttpClient.overNetty();
    private static final DynamoDbAsyncClient CLIENT =
            dynamo.clientBuilder().httpClient(HTTP).build();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;
    private String table;

    @BeforeEach
    void startContext() {
        table = dynamo.table("transact", TableSpec.partitionKey("id", S).sortKey("name", S));
        context.getRegistry().bind("client", CLIENT);
        context.start();
        template = context.createProducerTemplate();
        HTTP.clear();
    }

    @AfterEach
    void stopContext() throws Exception {
        context.close();
    }

    @AfterAll
    static void closeClient() {
        CLIENT.close();
        HTTP.close();
    }

    @Test
    void aListOfWritesIsOneRequestAndTellsTheVersions() {
        given("b", 4);
        List<Write> body = List.of(
                Write.create(Key.of("p", "a"), "new"),
                Write.update(Key.of("p", "b"), "new").expectedVersion(4L),
                Write.put(Key.of("p", "c"), "new"));

        Exchange exchange = send(body, Map.of("CamelDynaStoreExpectedVersion", 9), uri(""));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isSameAs(body);
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.VERSIONS)).isEqualTo(Arrays.asList(1L, 5L, null));
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.CONSUMED_CAPACITY, Double.class))
                .isPositive();
        assertThat(HTTP.requests()).extracting(RecordedRequest::operation).containsExactly("TransactWriteItems");
        assertThat(stored("c")).containsEntry("payload", AttributeValue.fromS("new"));
    }

    @Test
    void mapsLeaveOutWhatTheUriNames() {
        given("b", 4);
        given("d", 1);
        given("e", 1);

        Exchange exchange = send(
                List.of(
                        Map.of("operation", "create", "sortKey", 1, "value", Map.of("x", 1), "ttl", "20m"),
                        Map.of("operation", "Update", "sortKey", "b", "value", "new", "expectedVersion", "4"),
                        Map.of("operation", "put", "sortKey", "c", "value", "new", "fields", Map.of("f", "g")),
                        Map.of("operation", "delete", "sortKey", "d", "partitionKey", "p"),
                        Map.of("operation", "check", "sortKey", "e")),
                Map.of("CamelDynaStorePartitionKey", "elsewhere"),
                uri("&partitionKey=p"));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.VERSIONS))
                .isEqualTo(Arrays.asList(1L, 5L, null, null, null));
        assertThat(stored("1")).containsKeys("expires", "payload");
        assertThat(stored("c")).containsEntry("f", AttributeValue.fromS("g"));
        assertThat(stored("d")).isEmpty();
    }

    @Test
    void aYamlRouteSendsJson() throws Exception {
        given("2", 1);
        String route = """
                - route:
                    from:
                      uri: direct:yaml
                      steps:
                        - setBody:
                            constant: '[{"operation": "create", "sortKey": "1", "value": "text", "fields": {"n": 1.50}},
                              {"operation": "update", "sortKey": "2", "value": {"a": [1]}, "expectedVersion": 1, "ttl": "1h"}]'
                        - to: dynastore:%s?operation=transact&partitionKey=p&payloadFormat=json
                """.formatted(table);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("route.yaml", route));

        Exchange exchange = template.send("direct:yaml", sent -> {});

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.VERSIONS)).isEqualTo(List.of(1L, 2L));
        assertThat(stored("1"))
                .containsEntry("payload", AttributeValue.fromS("text"))
                .containsEntry("n", AttributeValue.fromN("1.5"));
        assertThat(stored("2")).containsKey("expires").hasEntrySatisfying("payload", payload -> assertThat(
                        payload.hasM())
                .isTrue());
    }

    @Test
    void anUpdateExpectsWhatThisExchangeHasSeen() throws Exception {
        given("a", 1);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:seen")
                        .errorHandler(noErrorHandler())
                        .to("dynastore:" + table + "?operation=get&partitionKey=p&sortKey=a")
                        .process(other -> given("a", 2))
                        .setBody(constant(List.of(Write.update(Key.of("p", "a"), "new"))))
                        .toD("${header.uri}");
            }
        });

        assertThat(template.send("direct:seen", with(uri(""))).getException())
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .singleElement()
                        .isInstanceOf(VersionConflictException.class));
        assertThat(template.send("direct:seen", with(uri("&optimisticLocking=false")))
                        .getException())
                .isNull();
    }

    @Test
    void laterWritesExpectWhatTheTransactionHasWritten() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:later")
                        .errorHandler(noErrorHandler())
                        .to(uri(""))
                        .process(other -> given("a", 7))
                        .to("dynastore:" + table + "?operation=update&partitionKey=p&sortKey=a");
            }
        });

        assertThat(template.send("direct:later", sent -> sent.getMessage()
                                .setBody(List.of(Write.create(Key.of("p", "a"), "new"))))
                        .getException())
                .isInstanceOf(VersionConflictException.class)
                .hasMessageContaining("expected version 1, found 7");
    }

    static Stream<Arguments> badInput() {
        Write fine = Write.put(Key.of("p", "a"), "SECRET");
        return Stream.of(
                Arguments.of(List.of(), "without writes"),
                Arguments.of("SECRET", "list of io.dynastore.store.Write"),
                Arguments.of(Collections.nCopies(101, fine), "101 writes"),
                Arguments.of(List.of(fine, Write.delete(Key.of("p", "a"))), "Writes 1 and 2"),
                Arguments.of(Arrays.asList(fine, null), "write 2 of 2: It is null"),
                Arguments.of(List.of(Write.put(Key.of("q", "a"), "SECRET")), "not one that the URI allows"),
                Arguments.of(List.of(Write.put(Key.of("p", "a"), "x").fields(Map.of("version", 1))), "version"),
                Arguments.of(
                        IntStream.range(0, 12)
                                .mapToObj(i -> Write.put(Key.of("p", "k" + i), "x".repeat(390_000)))
                                .toList(),
                        "split it"),
                Arguments.of(List.of(Map.of("operation", "upsert", "sortKey", "a")), "'upsert'"),
                Arguments.of(List.of(Map.of("sortKey", "a")), "names no operation"),
                Arguments.of(List.of(Map.of("operation", "delete")), "'name'"),
                Arguments.of(List.of(Map.of("operation", "put", "sortKey", "a")), "without value"),
                Arguments.of(
                        List.of(Map.of("operation", "check", "sortKey", "a", "value", "SECRET")), "stores no value"),
                Arguments.of(List.of(Map.of("operation", "check", "sortKey", "a", "body", "SECRET")), "'body'"),
                Arguments.of(List.of(Map.of("operation", "put", "sortKey", "a", "value", "SECRET", "ttl", 20)), "unit"),
                Arguments.of(
                        List.of(Map.of("operation", "create", "sortKey", "a", "value", "x", "expectedVersion", 1)),
                        "create expects no item"),
                Arguments.of(
                        List.of(Map.of("operation", "delete", "sortKey", "a", "expectedVersion", 1.5)),
                        "not a whole number"));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsRefusedBeforeAnythingIsSent(Object body, String says) {
        Exchange exchange = send(body, Map.of(), uri("&partitionKey=p"));

        assertThat(exchange.getException())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, says)
                .hasMessageNotContaining("SECRET");
        assertThat(HTTP.requests()).isEmpty();
    }

    @Test
    void aSingleWriteExactlyOnceGoesAsATransaction() {
        Exchange exchange = send(
                "new",
                Map.of("CamelDynaStoreExactlyOnce", true),
                "dynastore:" + table + "?operation=create&partitionKey=p&sortKey=a");

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.VERSION)).isEqualTo(1L);
        assertThat(HTTP.requests()).extracting(RecordedRequest::operation).containsExactly("TransactWriteItems");
    }

    private Exchange send(Object body, Map<String, Object> headers, String uri) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
        });
    }

    private static org.apache.camel.Processor with(String uri) {
        return exchange -> exchange.getMessage().setHeader("uri", uri);
    }

    private String uri(String options) {
        return "dynastore:" + table + "?operation=transact" + options;
    }

    private void given(String name, long version) {
        dynamo.rawPut(
                table,
                Map.of(
                        "id", AttributeValue.fromS("p"),
                        "name", AttributeValue.fromS(name),
                        "payload", AttributeValue.fromS("old"),
                        "version", AttributeValue.fromN(Long.toString(version))));
    }

    private Map<String, AttributeValue> stored(String name) {
        return dynamo.rawGet(table, Map.of("id", AttributeValue.fromS("p"), "name", AttributeValue.fromS(name)));
    }
}
