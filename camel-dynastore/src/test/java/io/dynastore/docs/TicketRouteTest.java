/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynastore.test.DynamoDbExtension;
import org.apache.camel.BindToRegistry;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** In docs/testing.md. */
class TicketRouteTest extends CamelTestSupport {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @BindToRegistry
    final DynamoDbAsyncClient client = dynamo.client(); // the component finds it

    private final String tickets = dynamo.table("tickets"); // a table of its own, dropped after the class

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:open").to("dynastore:" + tickets + "?operation=create&partitionKey=customer");
                from("direct:read").to("dynastore:" + tickets + "?operation=get&partitionKey=customer");
            }
        };
    }

    @Test
    void readsTheTicketThatWasOpened() {
        template.sendBodyAndHeader("direct:open", "No light", "CamelDynaStoreSortKey", "4711");

        assertEquals("No light", template.requestBodyAndHeader("direct:read", null, "CamelDynaStoreSortKey", "4711"));
    }
}
