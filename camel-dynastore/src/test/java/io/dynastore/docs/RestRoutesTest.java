/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.test.DynamoDbExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.annotations.Component;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The routes of docs/rest.md, asked by an HTTP client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final int port = freePort();
    private final HttpClient http = HttpClient.newHttpClient();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private String table = "";

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document names a table; each test has one of its own, which the routes write to in its place. */
    @Component("dynastore")
    private final class OwnTable extends DynaStoreComponent {

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            return super.createEndpoint(uri, table, parameters);
        }
    }

    @BeforeAll
    void start() throws Exception {
        table = dynamo.table("tickets");
        context.getRegistry().bind("client", dynamo.client());
        context.addComponent("dynastore", new OwnTable());
        context.addRoutes(new RestRoutes(port));
        context.start();
    }

    @AfterAll
    void stop() throws IOException {
        context.close();
    }

    @BeforeEach
    void empty() {
        dynamo.rawScan(table).forEach(item -> dynamo.client()
                .deleteItem(
                        delete -> delete.tableName(table).key(Map.of("id", item.get("id"), "name", item.get("name"))))
                .join());
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(String text) throws IOException {
        return JsonMapper.builder().build().readTree(text);
    }

    private static String tag(HttpResponse<?> response) {
        return response.headers().firstValue("ETag").orElse("none");
    }

    @Test
    void ticketIsOpenedReadChangedAndRemoved() throws Exception {
        HttpResponse<String> opened = send("POST", "/tickets/4711", "{\"subject\":\"No light, größer\"}");
        assertThat(opened.statusCode()).isEqualTo(201);
        assertThat(tag(opened)).isEqualTo("\"1\"");
        assertThat(opened.headers().firstValue("Location")).hasValue("/tickets/4711");

        HttpResponse<String> read = send("GET", "/tickets/4711", "");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(json(read.body())).isEqualTo(json("{\"subject\":\"No light, größer\"}"));
        assertThat(tag(read)).isEqualTo("\"1\"");

        HttpResponse<String> changed = send("PUT", "/tickets/4711", "{\"subject\":\"Light\"}", "If-Match", tag(read));
        assertThat(changed.statusCode()).isEqualTo(204);
        assertThat(tag(changed)).isEqualTo("\"2\"");

        assertThat(send("DELETE", "/tickets/4711", "", "If-Match", tag(changed)).statusCode())
                .isEqualTo(204);
        assertThat(send("GET", "/tickets/4711", "").statusCode()).isEqualTo(404);
    }

    @Test
    void statusSaysWhatIsWrong() throws Exception {
        send("POST", "/tickets/1", "{}");

        assertThat(send("POST", "/tickets/1", "{}").statusCode()).isEqualTo(409);
        assertThat(send("PUT", "/tickets/1", "{}", "If-Match", "\"7\"").statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "/tickets/1", "{}", "If-Match", "W/\"1\"").statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "/tickets/1", "{}").statusCode()).isEqualTo(428);
        assertThat(send("PUT", "/tickets/2", "{}", "If-Match", "\"1\"").statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/tickets/1", "", "If-Match", "\"7\"").statusCode())
                .isEqualTo(412);
        assertThat(send("DELETE", "/tickets/2", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/tickets/1", "", "If-None-Match", "\"1\"").statusCode())
                .isEqualTo(304);
        assertThat(send("GET", "/tickets?after=x", "").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/tickets/3", "{").statusCode()).isEqualTo(400);
        assertThat(dynamo.rawScan(table)).hasSize(1);
    }

    @Test
    void listIsAJsonArrayPageByPage() throws Exception {
        for (int i = 10; i < 35; i++) {
            send("POST", "/tickets/" + i, "{\"number\":" + i + "}");
        }
        List<Integer> numbers = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String path = "/tickets";

        while (path != null) {
            HttpResponse<String> page = send("GET", path, "");
            assertThat(page.statusCode()).isEqualTo(200);
            JsonNode documents = json(page.body());
            assertThat(documents.isArray()).isTrue();
            documents.forEach(document ->
                    numbers.add(document.path("payload").path("number").asInt()));
            sizes.add(documents.size());
            path = page.headers()
                    .firstValue("Link")
                    .map(link -> link.substring(1, link.indexOf('>')))
                    .orElse(null);
        }

        assertThat(sizes.get(0)).isEqualTo(20);
        assertThat(numbers).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void documentHasKeyVersionExpiryAndFields() throws Exception {
        send("POST", "/tickets/1", "{\"subject\":\"x\"}");

        assertThat(json(send("GET", "/tickets", "").body()))
                .isEqualTo(json("[{\"key\":{\"partitionKey\":\"customer\",\"sortKey\":\"1\"},"
                        + "\"payload\":{\"subject\":\"x\"},\"version\":1,\"expires\":null,\"fields\":{}}]"));
    }

    @Test
    void headersOfTheComponentFromOutsideAreNotHeeded() throws Exception {
        send("POST", "/tickets/1", "{}");

        HttpResponse<String> read = send("GET", "/tickets/1", "", "CamelDynaStorePartitionKey", "other");

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("camel"));
    }
}
