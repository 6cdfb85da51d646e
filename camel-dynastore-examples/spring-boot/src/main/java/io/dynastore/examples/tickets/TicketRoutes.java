/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import io.dynastore.store.KeyExistsException;
import io.dynastore.store.VersionConflictException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Opens, reads, lists and comments tickets. The header {@code customer} is the partition key, the header {@code ticket}
 * the sort key.
 */
@Component
public class TicketRoutes extends RouteBuilder {

    public TicketRoutes() {}

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

        // Each mail in the partition "inbox" becomes a ticket. A mail may be delivered twice; the ticket is opened
        // once.
        from("dynastore:{{tickets.table}}?partitionKeys=inbox&onSuccess=delete")
                .onException(KeyExistsException.class)
                .handled(true)
                .end()
                .setHeader("customer", simple("${header.CamelDynaStoreItemFields[customer]}"))
                .setHeader("ticket", header("CamelDynaStoreSortKey"))
                .to("direct:open")
                .log("Mail ${header.ticket} of customer ${header.customer} is a ticket now");
    }

    private static void addComment(Exchange exchange) {
        Ticket ticket = exchange.getMessage().getBody(Ticket.class);
        exchange.getMessage().setBody(ticket.with(exchange.getProperty("comment", String.class)));
    }
}
