/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class TableMakerTest {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private String refusal = "";
    private HttpServer engine;

    @BeforeEach
    void startEngine() throws IOException {
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", this::respond);
        engine.start();
    }

    @AfterEach
    void stopEngine() {
        engine.stop(0);
    }

    private void respond(HttpExchange http) throws IOException {
        http.getRequestBody().readAllBytes();
        String operation = http.getRequestHeaders().getFirst("X-Amz-Target").replaceAll(".*\\.", "");
        requests.add(operation);
        boolean refused = operation.equals("UpdateTimeToLive");
        String response = refused
                ? "{\"__type\":\"com.amazon.coral.service#" + refusal + "\"}"
                : "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}";
        byte[] bytes = response.getBytes(StandardCharsets.UTF_8);
        http.sendResponseHeaders(refused ? 400 : 200, bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }

    private void make() {
        URI endpoint = URI.create("http://localhost:" + engine.getAddress().getPort());
        try (DynamoDbAsyncClient client =
                DynamoDbExtension.clientBuilder(endpoint).build()) {
            new TableMaker(client).make("tickets", TableSpec.defaults());
        }
    }

    @Test
    void anEngineWithoutTimeToLiveGivesATableAllTheSame() {
        refusal = "UnknownOperationException";

        make();

        assertThat(requests).containsExactly("CreateTable", "DescribeTable", "UpdateTimeToLive");
    }

    @Test
    void anotherErrorOfTheTimeToLiveIsReported() {
        refusal = "AccessDeniedException";

        assertThatThrownBy(this::make).hasCauseInstanceOf(DynamoDbException.class);
    }
}
