/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link DynaStoreOnce} as it is declared without Java. */
class OnceInRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table = dynamo.table("once");
    private final AtomicInteger works = new AtomicInteger();
    private final Main camel = new Main();

    @BeforeEach
    void leadToTheEngine() {
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:work").process(exchange -> {
                    exchange.getMessage().setHeader("receipt", "r" + works.incrementAndGet());
                    exchange.getMessage().setBody("done " + works);
                });
            }
        });
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${header.id}",
                "$simple{header.id}",
                "${header.customer}/${header.id}",
                "${body[number]}",
                "${exchangeProperty.id}"
            })
    void propertiesDeclareItWithAnyExpressionOfTheSimpleLanguage(String key) throws Exception {
        bean("processed", DynaStoreIdempotentRepository.class, repository());
        bean(
                "charge",
                DynaStoreOnce.class,
                Map.of(
                        "repository",
                        "#bean:processed",
                        "uri",
                        "direct:work",
                        "key",
                        key,
                        "headers",
                        "receipt",
                        "inFlightWait",
                        "5s",
                        "payloadFormat",
                        "text"));
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setProperty("id", header("id")).process("charge");
            }
        });
        camel.start();

        assertDoneOnce("1", "done 1");
        assertDoneOnce("2", "done 2");
        DynaStoreOnce once =
                Objects.requireNonNull(camel.getCamelContext().getRegistry().findSingleByType(DynaStoreOnce.class));
        assertThat(once.getInFlightWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void xmlDeclaresItAndItsRoute(@TempDir Path folder) throws Exception {
        String xml = """
                <camel>
                  <bean name="processed" type="io.dynastore.camel.state.DynaStoreIdempotentRepository">
                    <properties>
                      <property key="tableName" value="%s"/>
                      <property key="name" value="payments"/>
                      <property key="storeResult" value="true"/>
                    </properties>
                  </bean>
                  <bean name="charge" type="io.dynastore.camel.state.DynaStoreOnce">
                    <properties>
                      <property key="repository" value="#bean:processed"/>
                      <property key="uri" value="direct:work"/>
                      <property key="key" value="${header.id}"/>
                      <property key="headers" value="receipt"/>
                    </properties>
                  </bean>
                  <route>
                    <from uri="direct:in"/>
                    <process ref="charge"/>
                  </route>
                </camel>
                """.formatted(table);
        Path routes = Files.writeString(folder.resolve("once.xml"), xml);
        camel.configure().setRoutesIncludePattern("file:" + routes);
        camel.start();

        assertDoneOnce("1", "done 1");
    }

    private Map<String, String> repository() {
        return Map.of("tableName", table, "name", "payments", "storeResult", "true");
    }

    private void bean(String name, Class<?> type, Map<String, String> properties) {
        camel.addInitialProperty("camel.beans." + name, "#class:" + type.getName());
        properties.forEach((key, value) -> camel.addInitialProperty("camel.beans." + name + "." + key, value));
    }

    private void assertDoneOnce(String id, String result) throws Exception {
        try (ProducerTemplate template = camel.getCamelContext().createProducerTemplate()) {
            for (int i = 0; i < 2; i++) {
                Exchange sent = template.request("direct:in", exchange -> {
                    exchange.getMessage().setBody(new HashMap<>(Map.of("number", id)));
                    exchange.getMessage().setHeaders(new HashMap<>(Map.of("id", id, "customer", "smith")));
                });
                assertThat(sent.getException()).isNull();
                assertThat(sent.getMessage().getBody()).isEqualTo(result);
                assertThat(sent.getMessage().getHeader("receipt")).isEqualTo("r" + result.substring(5));
                assertThat(sent.getProperty(Exchange.DUPLICATE_MESSAGE, false, Boolean.class))
                        .isEqualTo(i > 0);
            }
        }
    }
}
