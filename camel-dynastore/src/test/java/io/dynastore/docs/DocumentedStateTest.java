/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.resume.Resumables;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The repository of docs/state.md works as it is declared; only the table is another one. */
class DocumentedStateTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final Main camel = new Main();
    private final String table = dynamo.table("tickets");
    private final List<Object> shipped = new CopyOnWriteArrayList<>();

    @BeforeEach
    void leadToTheEngine() {
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ship")
                        .process(exchange -> shipped.add(exchange.getMessage().getBody()));
            }
        });
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void propertiesDeclareTheRepository() throws Exception {
        camel.setPropertyPlaceholderLocations("classpath:docs/state.properties");
        camel.addOverrideProperty("camel.beans.processed.tableName", table);
        camel.configure().addRoutesBuilder(new OrderRoutes());

        assertEachOrderIsShippedOnce();

        assertThat(repository().getTtl()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void yamlDeclaresTheRepository(@TempDir Path folder) throws Exception {
        Path routes = folder.resolve("orders.yaml");
        Files.writeString(routes, document("/docs/orders.yaml").replace("tableName: tickets", "tableName: " + table));
        camel.configure().setRoutesIncludePattern("file:" + routes);

        assertEachOrderIsShippedOnce();

        assertThat(repository().getInFlightTtl()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void propertiesDeclareTheAggregationRepository() throws Exception {
        camel.setPropertyPlaceholderLocations("classpath:docs/aggregation.properties");
        camel.addOverrideProperty("camel.beans.lines.tableName", table);
        camel.addOverrideProperty("camel.beans.lines.recoveryInterval", "1s");
        camel.configure().addRoutesBuilder(new LineRoutes());
        camel.start();

        try (ProducerTemplate template = camel.getCamelContext().createProducerTemplate()) {
            for (String line : List.of("1", "2", "3")) {
                template.sendBodyAndHeader("direct:lines", line, "orderId", "4711");
            }
        }

        Awaitility.await().untilAsserted(() -> assertThat(shipped).containsExactly("1,2,3"));
        DynaStoreAggregationRepository repository = Objects.requireNonNull(
                camel.getCamelContext().getRegistry().findSingleByType(DynaStoreAggregationRepository.class));
        assertThat(repository.getMaximumRedeliveries()).isEqualTo(5);
        assertThat(repository.getRecoveryInterval()).isEqualTo(1000);
    }

    @Test
    void yamlDeclaresAProcessorThatChargesOnce(@TempDir Path folder) throws Exception {
        Path routes = folder.resolve("payments.yaml");
        Files.writeString(routes, document("/docs/payments.yaml").replace("tableName: tickets", "tableName: " + table));
        camel.configure().setRoutesIncludePattern("file:" + routes);
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:charge").process(exchange -> {
                    shipped.add(exchange.getMessage().getBody());
                    exchange.getMessage().setHeader("receipt", "r" + shipped.size());
                    exchange.getMessage().setBody("charged");
                });
            }
        });
        camel.start();

        try (ProducerTemplate template = camel.getCamelContext().createProducerTemplate()) {
            for (int i = 0; i < 2; i++) {
                Exchange sent = template.request("direct:payments", exchange -> {
                    exchange.getMessage().setBody("5 EUR");
                    exchange.getMessage().setHeader("paymentId", "p1");
                });
                assertThat(sent.getMessage().getBody()).isEqualTo("charged");
                assertThat(sent.getMessage().getHeader("receipt")).isEqualTo("r1");
            }
        }
        assertThat(shipped).containsExactly("5 EUR");
    }

    @Test
    void yamlDeclaresAStrategyThatResumesAnImport(@TempDir Path folder) throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("a.txt"), "a");
        Path routes = folder.resolve("imports.yaml");
        Files.writeString(
                routes,
                document("/docs/imports.yaml")
                        .replace("tableName: tickets", "tableName: " + table)
                        .replace("file:inbox", "file:" + inbox));
        camel.bind("importer", (Processor) exchange -> {
            File file = exchange.getMessage().getBody(File.class);
            exchange.getMessage().setHeader(Exchange.OFFSET, Resumables.of(file.getParentFile(), file));
        });
        camel.configure().setRoutesIncludePattern("file:" + routes);
        camel.start();

        Awaitility.await().until(() -> dynamo.rawScan(table).size() == 1);
    }

    private void assertEachOrderIsShippedOnce() throws Exception {
        camel.start();
        try (ProducerTemplate template = camel.getCamelContext().createProducerTemplate()) {
            for (String order : List.of("1", "2", "1")) {
                template.sendBodyAndHeader("direct:orders", order, "orderId", order);
            }
        }
        assertThat(shipped).containsExactly("1", "2");
    }

    private DynaStoreIdempotentRepository repository() {
        return Objects.requireNonNull(
                camel.getCamelContext().getRegistry().findSingleByType(DynaStoreIdempotentRepository.class));
    }

    private static String document(String resource) throws IOException {
        try (InputStream document = DocumentedStateTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(document).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
