/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(DynamoDbResource.class)
class TicketRoutesTest {

    @Inject
    ProducerTemplate routes;

    private final Map<String, Object> ticket =
            Map.of("customer", UUID.randomUUID().toString(), "ticket", "1");

    @Test
    void readsAndListsWhatWasOpened() {
        send("direct:open", Map.of("subject", "No light"));

        assertThat(read()).containsEntry("subject", "No light");
        assertThat((List<?>) send("direct:list", "")).hasSize(1);
    }

    @Test
    void losesNoCommentOfManyAtOnce() {
        send("direct:open", Map.of("subject", "No light"));

        CompletableFuture<?>[] comments = IntStream.range(0, 8)
                .mapToObj(i -> routes.asyncRequestBodyAndHeaders("direct:comment", "Comment " + i, ticket))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(comments).join();

        assertThat(read()).extractingByKey("comments", LIST).hasSize(8);
    }

    @Test
    void opensATicketForEachMail() {
        routes.sendBodyAndHeader(
                "dynastore:{{tickets.table}}?operation=create&partitionKey=inbox",
                Map.of("customer", ticket.get("customer"), "subject", "No gas"),
                "CamelDynaStoreSortKey",
                "1");

        await().ignoreExceptions().untilAsserted(() -> assertThat(read()).containsEntry("subject", "No gas"));
    }

    @Test
    void welcomesACustomerOnce() {
        assertThat(send("direct:welcome", "hello")).isEqualTo("Welcome, " + ticket.get("customer"));

        assertThat(send("direct:welcome", "hello")).isEqualTo("hello");
    }

    @SuppressWarnings("unchecked") // a Map of the item's payload
    private Map<String, Object> read() {
        return (Map<String, Object>) send("direct:read", "");
    }

    private Object send(String route, Object body) {
        return routes.requestBodyAndHeaders(route, body, ticket);
    }
}
