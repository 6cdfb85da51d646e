/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Call;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.Operation;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers from an untrusted sender do not take over a route. */
class InjectedHeadersTest extends RouteContract {

    private static final String GET = "partitionKey=customer&sortKey=1&operation=get";

    @BeforeEach
    void items() {
        given("customer", "1", "public");
        given("customer", "2", "other");
        given("secrets", "1", "secret");
    }

    private static Map<String, Object> hostile() {
        Map<String, Object> headers = new HashMap<>();
        headers.put(DynaStoreConstants.OPERATION, "delete");
        headers.put(DynaStoreConstants.PARTITION_KEY, "secrets");
        headers.put(DynaStoreConstants.SORT_KEY, "1");
        headers.put(DynaStoreConstants.KEYS, List.of(Key.of("secrets", "1")));
        headers.put(DynaStoreConstants.EXPECTED_VERSION, 1L);
        headers.put(DynaStoreConstants.VERSION, 77L);
        headers.put("camelDynaStoreOperation", "delete");
        headers.put("CamelDynaStoreTableName", "another");
        headers.put("CamelDynaStorePayloadType", "java.lang.ProcessBuilder");
        headers.put("CamelDynaStoreUriEndpointOverride", "http://localhost:1");
        headers.put("CamelDynaStorePartitionKeyName", "other");
        headers.put("CamelDynaStoreAllowedOperations", "delete");
        return headers;
    }

    private void assertUntouched() {
        assertThat(stored())
                .containsExactlyInAnyOrder(
                        item("customer", "1", "public", 1),
                        item("customer", "2", "other", 1),
                        item("secrets", "1", "secret", 1));
    }

    @Test
    void httpRequestCanNotChangeWhatTheUriSets() throws Exception {
        int port = freePort();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://localhost:" + port + "/ticket").to(store(GET));
            }
        });
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/ticket?CamelDynaStoreOperation=delete"
                        + "&CamelDynaStorePartitionKey=secrets&CamelDynaStorePayloadFormat=json"));
        hostile().forEach((name, value) -> request.header(name, value.toString()));

        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("public");
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("cameldynastore"));
        assertThat(sent()).containsExactly("GetItem");
        assertUntouched();
    }

    @Test
    void messageWithUnfilteredHeadersCanNotChangeWhatTheUriSets() throws Exception {
        Exchange exchange = through(null, hostile(), store(GET));

        assertThat(done(exchange).getBody()).isEqualTo("public");
        assertThat(sent()).containsExactly("GetItem");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "delete", "update", "create", "batchGet", "list"})
    void operationThatAllowedOperationsDoesNotNameIsRejected(String operation) throws Exception {
        Map<String, Object> headers = hostile();
        headers.put(DynaStoreConstants.OPERATION, operation);

        Exchange exchange =
                through(null, headers, store("partitionKey=customer&sortKey=1&allowedOperations=get,exists"));

        refusal(exchange, InvalidInputException.class);
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation=batchGet&partitionKey=customer",
                "partitionKey=customer",
                "operation=batchGet&partitionKey=customer&sortKey=1",
                "operation=batchGet&sortKey=2",
                "operation=batchGet&partitionKey=customer&indexPartitionKeyName=owner"
            })
    void batchGetReadsNoKeyThatTheUriExcludes(String uri) throws Exception {
        Map<String, Object> headers = new HashMap<>();
        headers.put(DynaStoreConstants.OPERATION, "batchGet");
        headers.put(DynaStoreConstants.KEYS, List.of(Key.of("customer", "2"), Key.of("secrets", "1")));

        Exchange exchange = through(null, headers, store(uri));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, DynaStoreConstants.KEYS, "URI");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&indexPartitionKeyName=owner"})
    void sortKeysForABatchGetStayInThePartitionOfTheUri(String options) throws Exception {
        Exchange exchange = through(
                null,
                Map.of(DynaStoreConstants.KEYS, List.of("1", "2"), DynaStoreConstants.PARTITION_KEY, "secrets"),
                store("operation=batchGet&partitionKey=customer" + options));

        assertThat(items(done(exchange))).extracting(Item::payload).containsExactly("public", "other");
    }

    @Test
    void listStaysInThePartitionOfTheUri() throws Exception {
        Map<String, Object> headers = hostile();

        Exchange exchange = through(null, headers, store("operation=list&partitionKey=customer"));

        assertThat(items(done(exchange))).extracting(Item::payload).containsExactly("public", "other");
        assertUntouched();
    }

    @Test
    void partitionOfTheUriIsNotMatchedWithAnAttributeNamedByAHeader() {
        DynaStoreEndpoint endpoint =
                context.getEndpoint(store("operation=list&partitionKey=customer"), DynaStoreEndpoint.class);
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage()
                .setHeaders(new HashMap<>(Map.of(
                        DynaStoreConstants.INDEX, "by-owner",
                        DynaStoreConstants.INDEX_PARTITION_KEY_NAME, "owner",
                        DynaStoreConstants.INDEX_PARTITION_KEY_TYPE, "number")));

        Call<?> call = endpoint.started().calls().read(exchange, Operation.LIST);

        assertThat(call).isInstanceOfSatisfying(ListCall.class, list -> {
            assertThat(list.partitionKey()).isEqualTo("customer");
            assertThat(list.options().indexPartitionKeyNames()).isEmpty();
            assertThat(list.options().indexPartitionKeyTypes()).isEmpty();
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
