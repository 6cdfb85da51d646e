/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** The routes of docs/existing-tables.md after the move. */
final class MovedOrderRoutes extends RouteBuilder {

    private static final String ORDERS =
            "dynastore:{{orders}}?partitionKeyName=orderId&sortKeyName=none&payloadMode=flat&operation=";

    @Override
    @SuppressWarnings("unchecked") // the body of an item is a Map of names and values
    public void configure() {
        from("direct:open")
                .setHeader("CamelDynaStorePartitionKey", header("order"))
                .setBody(exchange -> Map.of(
                        "customer", exchange.getMessage().getHeader("customer"),
                        "status", "open",
                        "total", exchange.getMessage().getHeader("total")))
                .to(ORDERS + "create"); // KeyExistsException if the order is there; put replaces it

        from("direct:ship")
                .setHeader("CamelDynaStorePartitionKey", header("order"))
                .setHeader("CamelDynaStorePayloadMode", constant("merge"))
                .setBody(constant(Map.of("status", "shipped")))
                .to(ORDERS + "update");

        from("direct:find")
                .setHeader("CamelDynaStorePartitionKey", header("order"))
                .to(ORDERS + "get"); // the body is a Map of customer, status and total

        from("direct:add-discount")
                .to("direct:find")
                .process(exchange -> exchange.getMessage().getBody(Map.class).put("discount", 5))
                .to(ORDERS + "update"); // VersionConflictException if the order has changed
    }
}
