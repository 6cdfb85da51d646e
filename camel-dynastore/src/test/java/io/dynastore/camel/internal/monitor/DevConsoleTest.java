/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreEndpoint;
import io.dynastore.camel.cluster.DynaStoreClusterService;
import io.dynastore.camel.internal.consumer.ConsumerContract;
import io.dynastore.store.DynaStoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.camel.Endpoint;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The content of the developer console after traffic. */
class DevConsoleTest extends ConsumerContract {

    private static final String ONE = "partitionKey=customer&sortKey=1&operation=";

    @Override
    public void configure(DefaultCamelContext fresh) throws Exception {
        super.configure(fresh);
        fresh.setDevConsole(true);
    }

    private DevConsole console() {
        DevConsoleRegistry registry = Objects.requireNonNull(DevConsoleRegistry.get(context));
        return Objects.requireNonNull(registry.resolveById("dynastore"));
    }

    private JsonNode json() throws IOException {
        JsonObject shown = (JsonObject) console().call(MediaType.JSON, Map.of());
        return new ObjectMapper().readTree(shown.toJson());
    }

    private String text() {
        return (String) console().call(MediaType.TEXT, Map.of());
    }

    private JsonNode tableShown(String name) throws IOException {
        return StreamSupport.stream(json().get("tables").spliterator(), false)
                .filter(shown -> shown.get("table").textValue().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsTheResultsOfTheCallsOfATable() throws Exception {
        through("PAYLOAD", Map.of(), store(ONE + "create"));
        through("PAYLOAD", Map.of(), store(ONE + "create"));
        through("PAYLOAD", Map.of(DynaStoreConstants.EXPECTED_VERSION, 7), store(ONE + "update"));
        through("PAYLOAD", Map.of(), store("partitionKey=customer&operation=get"));
        through(null, Map.of(), store("partitionKey=customer&sortKey=1&operation=unlock"));

        JsonNode shown = tableShown(table);

        assertThat(shown.get("region").textValue()).isEqualTo("eu-central-1");
        assertThat(shown.get("endpoint").textValue())
                .isEqualTo(dynamo.endpoint().toString());
        JsonNode create = shown.at("/operations/create");
        assertThat(create.get("calls").intValue()).isEqualTo(2);
        assertThat(create.get("results").toString()).isEqualTo("{\"ok\":1,\"keyExists\":1}");
        assertThat(create.get("consumedCapacity").doubleValue()).isEqualTo(1);
        assertThat(create.at("/latencyMillis/p50").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(create.at("/latencyMillis/max").doubleValue());
        assertThat(shown.at("/operations/update/results").toString()).isEqualTo("{\"versionConflict\":1}");
        assertThat(shown.at("/operations/get/results").toString())
                .as("a key is missing")
                .isEqualTo("{\"invalidInput\":1}");
        assertThat(shown.at("/operations/unlock/results").toString()).isEqualTo("{\"lockLost\":1}");
        assertThat(shown.get("operations").has("delete")).isFalse();
    }

    @Test
    void showsTheSameAsText() throws Exception {
        through("PAYLOAD", Map.of(), store(ONE + "create"));
        through("PAYLOAD", Map.of(), store(ONE + "create"));

        assertThat(text())
                .contains("table=" + table + " region=eu-central-1")
                .contains("create: calls=2")
                .contains("results: ok=1 keyExists=1")
                .contains("latencyMillis: mean=")
                .contains("consumers:")
                .contains("locks:");
    }

    @Test
    void showsThePositionsOfConsumers() throws Exception {
        givenItems("north", 2);
        consume("partitionKeys=north&resume=table", (builder, from) -> {});
        awaitDelivered(2);
        await().untilAsserted(
                        () -> assertThat(json().at("/consumers/0/positions").toString())
                                .isEqualTo("{\"partition north\":\"name=02\"}"));

        JsonNode consumer = json().at("/consumers/0");

        assertThat(consumer.get("route").textValue()).isEqualTo(ROUTE);
        assertThat(consumer.get("table").textValue()).isEqualTo(table);
        assertThat(consumer.get("resume").textValue()).isEqualTo("table");
        assertThat(consumer.get("delivered").intValue()).isEqualTo(2);
        assertThat(consumer.get("succeeded").intValue()).isEqualTo(2);
        assertThat(text()).contains("route=" + ROUTE).contains("positions: partition north=name=02");

        context.getRouteController().stopRoute(ROUTE);
        assertThat(json().get("consumers")).isEmpty();
    }

    @Test
    void showsTheQueueOfAConsumerThatClaims() throws Exception {
        String later = store("operation=create&partitionKey=north&sortKey=later&deliverAfter=1h");
        done(through("v", Map.of(), later));
        givenItems("north", 2);
        consume("partitionKeys=north&claim=true&onSuccess=delete", (builder, from) -> {});
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).hasSize(1));

        await().untilAsserted(() ->
                assertThat(json().at("/consumers/0/queue/delayed").intValue()).isEqualTo(1));

        JsonNode queue = json().at("/consumers/0/queue");
        assertThat(queue.get("due").intValue()).isZero();
        assertThat(queue.get("held").intValue()).isZero();
        assertThat(queue.get("claimed").intValue()).isEqualTo(2);
        assertThat(queue.get("complete").booleanValue()).isTrue();
        assertThat(text()).contains("queue: held=0 claimed=2");
    }

    @Test
    void countOfSomePartitionsIsNotComplete() throws Exception {
        String partitions =
                IntStream.rangeClosed(0, 100).mapToObj(number -> "p" + number).collect(Collectors.joining(","));
        consume("partitionKeys=" + partitions + "&claim=true&onSuccess=delete", (builder, from) -> {});

        await().untilAsserted(() ->
                assertThat(json().at("/consumers/0/queue/complete").isBoolean()).isTrue());

        assertThat(json().at("/consumers/0/queue/complete").booleanValue()).isFalse();
    }

    @Test
    void showsLocksWhileTheyAreHeld() throws Exception {
        String locked = store("partitionKey=locks&sortKey=import&operation=lock&lockTtl=1h");
        String from = route((builder, route) -> route.to(locked).process(exchange -> exchange.getMessage()
                .setBody(json().get("locks").toString())));

        JsonNode held = new ObjectMapper()
                .readTree(done(send(
                                from,
                                null,
                                Map.of(DynaStoreConstants.LOCK_OWNER, "me", DynaStoreConstants.LOCK_DATA, "DATA")))
                        .getBody(String.class))
                .get(0);

        assertThat(held.get("table").textValue()).isEqualTo(table);
        assertThat(held.get("key").textValue()).contains("locks").contains("import");
        assertThat(held.get("owner").textValue()).isEqualTo("me");
        assertThat(held.get("token").longValue()).isPositive();
        assertThat(held.get("state").textValue()).isEqualTo("HELD");
        assertThat(held.get("remainingMillis").longValue()).isBetween(1L, 3_600_000L);
        assertThat(held.toString()).doesNotContain("DATA");
        await().untilAsserted(() -> {
            assertThat(json().get("locks")).isEmpty();
            assertThat(tableShown(table).at("/operations/unlock/results").toString())
                    .as("the release on completion is counted")
                    .isEqualTo("{\"ok\":1}");
        });
    }

    @Test
    void showsTheLeadOfAClusterService() throws Exception {
        DynaStoreClusterService service = new DynaStoreClusterService();
        service.setTableName(table);
        service.setDynamoDbAsyncClient(recorded());
        context.addService(service);
        service.getView("jobs");

        await().untilAsserted(
                        () -> assertThat(json().get("locks").toString()).contains("_ds/cluster/jobs", "leader", table));

        service.stop();
        assertThat(json().get("locks")).isEmpty();
    }

    @Test
    void showsNeitherPayloadsNorCredentials() throws Exception {
        context.getRegistry().unbind("client");
        String own = store(ONE + "put&region=eu-central-1&accessKey=KEYHIDDEN&secretKey=SECRETHIDDEN"
                + "&overrideEndpoint=true&uriEndpointOverride=" + dynamo.endpoint());

        done(through("PAYLOAD", Map.of(DynaStoreConstants.FIELDS, Map.of("note", "FIELD")), own));

        assertThat(tableShown(table).at("/operations/put/calls").intValue()).isEqualTo(1);
        assertThat(json() + text()).doesNotContain("PAYLOAD", "FIELD", "HIDDEN");
    }

    @Test
    void countsTheRetriesOfAClientOfTheComponent() throws Exception {
        context.getRegistry().unbind("client");
        AtomicInteger requests = new AtomicInteger();
        HttpServer flaky = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flaky.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] response = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(requests.incrementAndGet() < 3 ? 500 : 200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        flaky.start();
        try {
            String address = "http://localhost:" + flaky.getAddress().getPort();
            done(through(
                    null,
                    Map.of(),
                    store(ONE + "get&failIfMissing=false&region=eu-central-1&accessKey=a&secretKey=b"
                            + "&overrideEndpoint=true&uriEndpointOverride=" + address)));
        } finally {
            flaky.stop(0);
        }

        assertThat(tableShown(table).get("retries").toString()).isEqualTo("{\"GetItem\":2}");
        assertThat(tableShown(table).at("/operations/get/results").toString()).isEqualTo("{\"ok\":1}");
    }

    @Test
    void countsTheEndpointsOfATableTogetherAndForgetsItWithTheLast() throws Exception {
        through("a", Map.of(), store(ONE + "put"));
        through("b", Map.of(), store(ONE + "put&ttl=1d"));

        assertThat(tableShown(table).at("/operations/put/calls").intValue()).isEqualTo(2);

        context.getEndpoints().stream()
                .filter(DynaStoreEndpoint.class::isInstance)
                .toList()
                .forEach(Endpoint::stop);
        assertThat(json().get("tables")).isEmpty();
    }

    @Test
    void endpointThatDoesNotStartIsNotShown() {
        assertThat(catchThrowable(() -> through(null, Map.of(), store(ONE + "lock&lockTtl=1ms"))))
                .hasRootCauseInstanceOf(DynaStoreException.class);

        assertThat(text()).doesNotContain(table);
    }
}
