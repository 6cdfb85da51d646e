/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * The component's own client with the option client=auto, over each HTTP client. The SDK's log of requests has those of
 * the SDK only.
 */
@Timeout(60)
class LeanClientInRoutesTest extends RouteContract {

    private LogFile log;

    @Override
    protected void configure(DefaultCamelContext fresh) {}

    @BeforeEach
    void listen(@TempDir Path folder) throws Exception {
        log = LogFile.withRequests(folder);
    }

    @AfterEach
    void stopListening() throws Exception {
        log.close();
    }

    private long requestsOfTheSdk() throws IOException {
        return log.lines().stream()
                .filter(line -> line.startsWith("DEBUG software.amazon.awssdk.request Sending Request"))
                .count();
    }

    private static String own(String client, String http, Object endpoint) {
        return "&partitionKey=customer&region=eu-central-1&accessKey=test&secretKey=test&client=" + client
                + "&httpClient=" + http + "&overrideEndpoint=true&uriEndpointOverride=" + endpoint;
    }

    @ParameterizedTest
    @CsvSource({"auto, crt, 0", "auto, netty, 0", "sdk, netty, 10"})
    void firstAttemptsAreMadeWithoutTheSdk(String client, String http, int ofTheSdk) throws Exception {
        String own = own(client, http, dynamo.endpoint());
        String put = route((builder, from) -> from.to(store("operation=put" + own)));
        String get = route((builder, from) -> from.to(store("operation=get" + own)));
        writeAndRead(put, get, 0);
        long begun = requestsOfTheSdk();

        for (int round = 1; round <= 5; round++) {
            writeAndRead(put, get, round);
        }

        assertThat(begun).isPositive();
        assertThat(requestsOfTheSdk() - begun).isEqualTo(ofTheSdk);
        assertThat(stored()).hasSize(6);
    }

    @Test
    void readsOfNamedFieldsAndFiltersAreMadeWithoutTheSdkToo() throws Exception {
        String own = own("auto", "netty", dynamo.endpoint());
        String put = route((builder, from) -> from.to(store("operation=put" + own)));
        String get = route((builder, from) -> from.to(store("operation=get&fields=status" + own)));
        String list = route((builder, from) -> from.to(store("operation=list&fields=none&filter=status=open" + own)));
        Map<String, Object> fields = Map.of("status", "open", "note", "long");
        Map<String, Object> key = Map.of(DynaStoreConstants.SORT_KEY, "n");
        done(send(put, "value", Map.of(DynaStoreConstants.SORT_KEY, "n", DynaStoreConstants.FIELDS, fields)));
        long begun = 0;

        for (int round = 0; round < 3; round++) {
            assertThat(done(send(get, null, key)).getHeader(DynaStoreConstants.ITEM_FIELDS))
                    .isEqualTo(Map.of("status", "open"));
            assertThat(items(done(send(list, null, Map.of())))).hasSize(1);
            begun = round == 0 ? requestsOfTheSdk() : begun;
        }

        assertThat(requestsOfTheSdk()).isEqualTo(begun);
    }

    private void writeAndRead(String put, String get, int round) {
        Map<String, Object> key = Map.of(DynaStoreConstants.SORT_KEY, "n" + round);
        done(send(put, "value " + round, key));
        assertThat(done(send(get, null, key)).getBody(String.class)).isEqualTo("value " + round);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void callThatIsNeverAnsweredEndsAlthoughTheContextStops(String http) throws Exception {
        Semaphore answers = new Semaphore(1);
        CompletableFuture<HttpExchange> unanswered = new CompletableFuture<>();
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        service.createContext("/", exchange -> {
            if (answers.tryAcquire()) {
                answer(exchange);
            } else {
                unanswered.complete(exchange);
            }
        });
        service.start();
        try {
            DynamoDbAsyncClient client =
                    client(http, "http://localhost:" + service.getAddress().getPort());
            client.getItem(get(Duration.ofSeconds(20))).join();
            long begun = requestsOfTheSdk();

            CompletableFuture<?> call = client.getItem(get(Duration.ofMillis(250)));
            unanswered.get(20, TimeUnit.SECONDS);
            context.stop();

            assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ApiCallTimeoutException.class);
            assertThat(requestsOfTheSdk()).isEqualTo(begun).isOne();
        } finally {
            service.stop(0);
        }
    }

    private DynamoDbAsyncClient client(String http, String endpoint) throws Exception {
        DynaStoreEndpoint made =
                context.getEndpoint(store("operation=get" + own("auto", http, endpoint)), DynaStoreEndpoint.class);
        made.start();
        return made.client();
    }

    private static GetItemRequest get(Duration limit) {
        return GetItemRequest.builder()
                .tableName("tickets")
                .key(Map.of("id", AttributeValue.fromS("1")))
                .overrideConfiguration(own -> own.apiCallTimeout(limit))
                .build();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] response = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().put("Content-Type", List.of("application/x-amz-json-1.0"));
        exchange.sendResponseHeaders(200, response.length);
        exchange.getResponseBody().write(response);
        exchange.close();
    }
}
