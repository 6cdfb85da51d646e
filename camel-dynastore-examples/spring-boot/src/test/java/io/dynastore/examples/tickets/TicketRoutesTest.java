/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@CamelSpringBootTest
@DirtiesContext
@SpringBootTest(
        properties = {"tickets.demo=false", "camel.main.run-controller=false", "camel.main.duration-max-idle-seconds=0"
        })
class TicketRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Autowired
    ProducerTemplate routes;

    @DynamicPropertySource
    static void dynamo(DynamicPropertyRegistry properties) {
        String table = dynamo.freshName("tickets");
        properties.add("tickets.table", () -> table);
        dynamo.componentProperties().forEach((name, value) -> properties.add(name, () -> value));
    }

    @Test
    void readsAndListsWhatWasOpened() {
        send("direct:open", "smith", "1", Ticket.about("No light"));
        send("direct:open", "smith", "2", Ticket.about("No water"));

        assertThat(send("direct:read", "smith", "2", "")).isEqualTo(Ticket.about("No water"));
        assertThat(send("direct:list", "smith", "", ""))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
    }

    @Test
    void losesNoCommentOfManyAtOnce() {
        send("direct:open", "miller", "1", Ticket.about("No light"));
        List<String> comments =
                IntStream.range(0, 8).mapToObj(number -> "comment " + number).toList();

        CompletableFuture.allOf(comments.stream()
                        .map(comment -> routes.asyncRequestBodyAndHeaders(
                                "direct:comment", comment, keys("miller", "1"), Object.class))
                        .toArray(CompletableFuture[]::new))
                .join();

        assertThat(send("direct:read", "miller", "1", ""))
                .isInstanceOfSatisfying(Ticket.class, ticket -> assertThat(ticket.comments())
                        .containsExactlyInAnyOrderElementsOf(comments));
    }

    @Test
    void opensATicketForEachMail() {
        routes.sendBodyAndHeaders(
                "dynastore:{{tickets.table}}?operation=create&partitionKey=inbox&sortKey=7",
                Ticket.about("No heat"),
                Map.of("CamelDynaStoreFields", Map.of("customer", "jones")));

        Awaitility.await()
                .until(() -> routes.requestBody(
                        "dynastore:{{tickets.table}}?operation=exists&partitionKey=jones&sortKey=7",
                        null,
                        Boolean.class));
        assertThat(send("direct:read", "jones", "7", "")).isEqualTo(Ticket.about("No heat"));
    }

    private Object send(String route, String customer, String ticket, Object body) {
        return routes.requestBodyAndHeaders(route, body, keys(customer, ticket));
    }

    private static Map<String, Object> keys(String customer, String ticket) {
        return Map.of("customer", customer, "ticket", ticket);
    }
}
