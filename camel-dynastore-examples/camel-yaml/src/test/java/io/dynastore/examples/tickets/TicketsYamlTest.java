/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The routes in YAML with their {@code application.properties}, on the engine of the extension. */
class TicketsYamlTest extends CamelMainTestSupport {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Override
    public void configureContext(CamelContextConfiguration context) {
        super.configureContext(context);
        Properties properties = new Properties();
        properties.putAll(dynamo.componentProperties());
        properties.setProperty("tickets.table", dynamo.freshName("tickets"));
        properties.setProperty("camel.main.routesIncludePattern", "classpath:tickets.camel.yaml");
        context.withUseOverridePropertiesWithPropertiesComponent(properties);
    }

    @Test
    void closesATicketThatSeveralExchangesCloseAtOnce() {
        send("direct:open", "{\"subject\": \"No light\"}");

        CompletableFuture<?>[] closed = IntStream.range(0, 4)
                .mapToObj(i -> template.asyncRequestBodyAndHeaders("direct:close", null, ticket()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closed).join();

        assertThat(send("direct:read", "")).isEqualTo("{\"subject\":\"No light\",\"status\":\"closed\"}");
    }

    @Test
    void opensATicketForEachMail() {
        NotifyBuilder opened =
                new NotifyBuilder(context).fromRoute("inbox").whenDone(1).create();

        template.sendBodyAndHeader(
                "dynastore:{{tickets.table}}?operation=create&partitionKey=inbox",
                Map.of("customer", "smith", "subject", "No gas"),
                "CamelDynaStoreSortKey",
                "1");

        assertThat(opened.matches(10, TimeUnit.SECONDS)).isTrue();
        assertThat(send("direct:read", "")).contains("\"subject\":\"No gas\"");
    }

    @Test
    void remindsOnTheLeader() {
        NotifyBuilder reminded =
                new NotifyBuilder(context).fromRoute("reminder").whenDone(1).create();

        assertThat(reminded.matches(20, TimeUnit.SECONDS)).isTrue();
    }

    private String send(String route, String body) {
        return template.requestBodyAndHeaders(route, body, ticket(), String.class);
    }

    private static Map<String, Object> ticket() {
        return Map.of("customer", "smith", "ticket", "1");
    }
}
