/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** Uses the tickets once, at the start. */
@ApplicationScoped
public class DemoRoutes extends RouteBuilder {

    private static final Map<String, Object> MAIL = Map.of("customer", "miller", "subject", "No water");

    @Override
    public void configure() {
        from("timer:demo?repeatCount=1")
                .setHeader("customer", constant("smith"))
                .setHeader("ticket", simple("${date:now:yyyyMMdd-HHmmss}"))
                .setBody(constant(Map.of("subject", "No light", "status", "open")))
                .to("direct:open")
                .log("Ticket ${header.ticket} is at version ${header.CamelDynaStoreVersion}")
                .setBody(constant(List.of("Bulb changed", "Still dark", "Fuse changed", "Light!")))
                .split(body())
                .parallelProcessing()
                .to("direct:comment")
                .end()
                .to("direct:read")
                .log("After four comments at once it is at version ${header.CamelDynaStoreVersion}: ${body}")
                .to("direct:list")
                .log("Customer ${header.customer} has ${header.CamelDynaStoreCount} ticket(s)")
                .setBody(constant(MAIL))
                .to("dynastore:{{tickets.table}}?operation=create&partitionKey=inbox");
    }
}
