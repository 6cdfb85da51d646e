/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** The routes of the section on changing a part of an item. */
class CounterRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:count-view")
                .setHeader("CamelDynaStoreSortKey", header("ticket"))
                .setHeader("CamelDynaStoreIncrements", () -> Map.of("views", 1, "payload.stats.reads", 1))
                .to("dynastore:tickets?operation=update&partitionKey=customer&payloadMode=keep&returnIncrements=true")
                .log("${header.CamelDynaStoreItemFields[views]} views");

        from("direct:move-customer")
                .setHeader("CamelDynaStoreSortKey", header("customer"))
                .setBody(constant("{\"address\": {\"city\": \"Bonn\", \"zip\": null}}"))
                .to("dynastore:customers?operation=update&partitionKey=customer"
                        + "&payloadMode=merge&payloadFormat=json");
    }
}
