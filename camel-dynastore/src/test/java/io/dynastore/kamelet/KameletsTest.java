/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.kamelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.KeyExistsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The Kamelets of the jar write to and read from a real engine, and have the form of Camel's catalog. */
class KameletsTest extends RouteContract {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??(\\w+)}}");

    private final List<String> received = new CopyOnWriteArrayList<>();

    /** No client of the registry: a Kamelet gets its endpoint and credentials as properties. */
    @Override
    protected void configure(DefaultCamelContext fresh) {}

    private String kamelet(String name, String options) {
        return "kamelet:dynastore-" + name + "?table=" + table
                + "&region=eu-central-1&accessKey=key&secretKey=RAW(secret)"
                + "&overrideEndpoint=true&uriEndpointOverride=" + dynamo.endpoint() + "&" + options;
    }

    @Test
    void sinkWritesTheBodyAsADocument() throws Exception {
        String sink = kamelet("sink", "partitionKey=customer&operation=create");
        Map<String, ?> key = Map.of(DynaStoreConstants.SORT_KEY, "1");
        AttributeValue open = AttributeValue.fromM(Map.of("status", text("open")));

        done(through("{\"status\":\"open\"}", key, sink));

        assertThat(stored("customer", "1").get("payload")).isEqualTo(open);
        failure(through("{\"status\":\"closed\"}", key, sink), KeyExistsException.class);
        assertThat(stored("customer", "1").get("payload")).isEqualTo(open);
    }

    @Test
    void sinkUpdatesAndDeletes() throws Exception {
        given("customer", "1", "old");

        done(through("\"new\"", Map.of(), kamelet("sink", "partitionKey=customer&sortKey=1&operation=update&ttl=1d")));

        assertThat(stored("customer", "1").get("payload")).isEqualTo(text("new"));
        assertThat(stored("customer", "1")).containsKey("expires");

        done(through(null, Map.of(), kamelet("sink", "partitionKey=customer&sortKey=1&operation=delete")));

        assertThat(stored()).isEmpty();
    }

    @Test
    void sourceDeliversJsonAndDeletesWhatSucceeded() throws Exception {
        given("north", "1", "a");
        given("north", "2", "b");
        given("south", "1", "c");

        consume("partitionKeys=north&onSuccess=delete&delay=20");

        Awaitility.await().untilAsserted(() -> assertThat(stored()).containsExactly(item("south", "1", "c", 1)));
        assertThat(received).containsExactly("\"a\"", "\"b\"");
    }

    @Test
    void sourceClaimsItemsOfAQueue() throws Exception {
        given("mails", "1", "a");
        given("mails", "2", "fails");

        consume("partitionKeys=mails&claim=true&onSuccess=delete&deadPartition=dead&maxDeliveries=1&delay=20");

        Awaitility.await().untilAsserted(() -> assertThat(stored("dead", "2").get("payload"))
                .isEqualTo(text("fails")));
        Awaitility.await().untilAsserted(() -> assertThat(stored()).hasSize(1));
        assertThat(received).contains("\"a\"");
    }

    private void consume(String options) throws Exception {
        String uri = kamelet("source", options);
        RouteBuilder.addRoutes(context, routes -> routes.from(uri)
                .errorHandler(routes.defaultErrorHandler().logExhausted(false))
                .process(exchange -> {
                    String body = exchange.getMessage().getBody(String.class);
                    if (body.contains("fails")) {
                        throw new IllegalStateException("this one fails");
                    }
                    received.add(body);
                }));
    }

    /** What no property of a Kamelet says is left to the component, whose own options stand in application.properties. */
    @Test
    void routeOfTheDocumentsRunsOnItsProperties() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Main camel = new Main();
        camel.setPropertyPlaceholderLocations("classpath:docs/cli.properties");
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
        camel.addOverrideProperty("tickets", table);
        camel.bind("meters", meters);
        camel.configure().setRoutesIncludePattern("classpath:docs/cli.camel.yaml");
        try {
            camel.start();

            Awaitility.await().untilAsserted(() -> assertThat(meters.get("dynastore.consumer.items")
                            .tags("table", table, "outcome", "succeeded")
                            .functionCounter()
                            .count())
                    .isGreaterThanOrEqualTo(2));
            assertThat(meters.find("dynastore.calls")
                            .tags("outcome", "keyExists")
                            .functionCounter())
                    .as("each ticket has a number of its own")
                    .isNull();
        } finally {
            camel.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "sink"})
    void kameletHasTheFormOfTheCatalog(String type) throws IOException {
        Map<?, ?> kamelet = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text(type, "kamelets"));
        Map<?, ?> metadata = map(kamelet, "metadata");
        Map<?, ?> spec = map(kamelet, "spec");
        Map<?, ?> properties = map(map(spec, "definition"), "properties");

        assertThat(kamelet.get("kind")).isEqualTo("Kamelet");
        assertThat(metadata.get("name")).isEqualTo("dynastore-" + type);
        assertThat(map(metadata, "labels").get("camel.apache.org/kamelet.type")).isEqualTo(type);
        assertThat(properties.values()).allSatisfy(property -> assertThat((Map<?, ?>) property)
                .extracting("title", "description", "type")
                .doesNotContainNull());
        assertThat(placeholders(String.valueOf(map(spec, "template"))))
                .as("each property is used, each placeholder declared")
                .isEqualTo(new TreeSet<>(
                        properties.keySet().stream().map(String::valueOf).toList()));
        assertThat((List<?>) spec.get("dependencies"))
                .asString()
                .contains("mvn:io.dynastore:camel-dynastore:" + version());
    }

    private static Map<?, ?> map(Map<?, ?> map, String key) {
        return (Map<?, ?>) Objects.requireNonNull(map.get(key), key);
    }

    private static Set<String> placeholders(String template) {
        TreeSet<String> names = new TreeSet<>();
        PLACEHOLDER.matcher(template).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    private static String version() throws IOException {
        return Files.readString(Path.of("..", "pom.xml")).replaceAll("(?s).*?<version>([^<]*)</version>.*", "$1");
    }

    private static String text(String type, String folder) throws IOException {
        String name = "/" + folder + "/dynastore-" + type + ".kamelet.yaml";
        try (InputStream in = Objects.requireNonNull(KameletsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
