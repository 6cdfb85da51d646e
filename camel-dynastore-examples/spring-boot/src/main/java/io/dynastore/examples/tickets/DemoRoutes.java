/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Uses the tickets once, at the start. With {@code tickets.demo=false} the application only waits for work. */
@Component
@ConditionalOnProperty("tickets.demo")
public class DemoRoutes extends RouteBuilder {

    public DemoRoutes() {}

    @Override
    public void configure() {
        from("timer:demo?repeatCount=1")
                .setHeader("customer", constant("smith"))
                .setHeader("ticket", simple("${date:now:yyyyMMdd-HHmmss}"))
                .setBody(constant(Ticket.about("No light")))
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
                .setBody(constant(Ticket.about("No water")))
                .setHeader("CamelDynaStoreFields", constant(Map.of("customer", "miller")))
                .to("dynastore:{{tickets.table}}?operation=create&partitionKey=inbox");
    }
}
