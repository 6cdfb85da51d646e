/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import io.dynastore.store.KeyExistsException;
import io.dynastore.store.VersionConflictException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Opens, reads, lists and comments tickets. The header {@code customer} is the partition key, the header {@code ticket}
 * the sort key.
 */
@ApplicationScoped
public class TicketRoutes extends RouteBuilder {

    @Override
    public void configure() {
        // Another exchange has changed the ticket in the meantime: the caller repeats the whole sub-route.
        onException(VersionConflictException.class)
                .maximumRedeliveries(20)
                .redeliveryDelay(20)
                .collisionAvoidancePercent(90)
                .asyncDelayedRedelivery();
        interceptFrom("direct:*")
                .setHeader("CamelDynaStorePartitionKey", header("customer"))
                .setHeader("CamelDynaStoreSortKey", header("ticket"));

        from("direct:open").to("dynastore:{{tickets.table}}?operation=create&ttl=90d");

        from("direct:read").to("dynastore:{{tickets.table}}?operation=get");

        from("direct:list").to("dynastore:{{tickets.table}}?operation=list");

        from("direct:comment").setProperty("comment", body()).to("direct:comment-once");

        from("direct:comment-once")
                .errorHandler(noErrorHandler())
                .to("dynastore:{{tickets.table}}?operation=get")
                .process(TicketRoutes::addComment)
                // A conflict, unless the ticket still has the version that was read.
                .to("dynastore:{{tickets.table}}?operation=update");

        // Once for each customer, over all nodes. The repository is a CDI bean.
        from("direct:welcome")
                .idempotentConsumer(header("customer"))
                .idempotentRepository("welcomed")
                .setBody(simple("Welcome, ${header.customer}"))
                .log("${body}");

        inbox();
    }

    /**
     * Each mail in the partition {@code inbox} becomes a ticket. A mail may be delivered twice; the ticket is opened
     * once.
     */
    private void inbox() {
        from("dynastore:{{tickets.table}}?partitionKeys=inbox&onSuccess=delete")
                .routeId("inbox")
                .onException(KeyExistsException.class)
                .handled(true)
                .end()
                .setHeader("customer", simple("${body[customer]}"))
                .setHeader("ticket", header("CamelDynaStoreSortKey"))
                .to("direct:open")
                .log("Mail ${header.ticket} of customer ${header.customer} is a ticket now")
                .to("direct:welcome");
    }

    @SuppressWarnings("unchecked") // an item without payloadType is a Map
    private static void addComment(Exchange exchange) {
        Map<String, Object> ticket = exchange.getMessage().getBody(Map.class);
        List<Object> comments = new ArrayList<>((List<Object>) ticket.getOrDefault("comments", List.of()));
        comments.add(exchange.getProperty("comment"));
        ticket.put("comments", comments);
    }
}
