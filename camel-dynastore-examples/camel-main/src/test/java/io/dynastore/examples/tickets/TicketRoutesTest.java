/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import io.dynastore.test.DynamoDbExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.BindToRegistry;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A user's test of routes. It needs nothing of the project but the extension. */
class TicketRoutesTest extends CamelTestSupport {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @BindToRegistry
    final DynamoDbAsyncClient client = dynamo.client();

    private final String table = dynamo.table("tickets");

    @Override
    protected RoutesBuilder createRouteBuilder() {
        context.getPropertiesComponent().addInitialProperty("tickets.table", table);
        return new TicketRoutes();
    }

    @Test
    void readsAndListsWhatWasOpened() {
        open("1", "No light");
        open("2", "No water");

        assertThat(read("1")).containsEntry("subject", "No light");
        List<?> tickets = template.requestBodyAndHeader("direct:list", null, "customer", "smith", List.class);
        assertThat(tickets).hasSize(2);
    }

    @Test
    void losesNoCommentOfManyAtOnce() {
        open("1", "No light");

        CompletableFuture<?>[] comments = IntStream.range(0, 8)
                .mapToObj(i -> template.asyncRequestBodyAndHeaders("direct:comment", "Comment " + i, ticket("1")))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(comments).join();

        assertThat(read("1")).extractingByKey("comments", LIST).hasSize(8);
    }

    @Test
    void opensATicketForEachMail() {
        template.sendBodyAndHeader(
                "dynastore:" + table + "?operation=create&partitionKey=inbox",
                Map.of("customer", "smith", "subject", "No gas"),
                "CamelDynaStoreSortKey",
                "7");

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)) // the ticket is there, the mail is gone
                .extracting(item -> item.get("id"))
                .containsExactly(AttributeValue.fromS("smith")));
        assertThat(read("7")).containsEntry("subject", "No gas");
    }

    private void open(String ticket, String subject) {
        template.sendBodyAndHeaders("direct:open", Map.of("subject", subject), ticket(ticket));
    }

    @SuppressWarnings("unchecked") // a Map of the item's payload
    private Map<String, Object> read(String ticket) {
        return template.requestBodyAndHeaders("direct:read", null, ticket(ticket), Map.class);
    }

    private static Map<String, Object> ticket(String number) {
        return Map.of("customer", "smith", "ticket", number);
    }
}
