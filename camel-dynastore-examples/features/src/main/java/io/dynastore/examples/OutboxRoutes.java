/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.util.List;
import java.util.Locale;
import org.apache.camel.builder.RouteBuilder;

/** Writes orders to the outbox, and ships them from there, each branch in order. */
final class OutboxRoutes extends RouteBuilder {

    static final List<String> BRANCHES = List.of("east", "north", "south", "west");

    static final String SHIPPING = "shipping";

    private final Shipments shipments;

    OutboxRoutes(Shipments shipments) {
        this.shipments = shipments;
    }

    /** A sort key in the order of the numbers. If several programs write, use ULIDs, which sort by time. */
    static String number(int number) {
        return String.format(Locale.ROOT, "%06d", number);
    }

    @Override
    public void configure() {
        from("direct:order").routeId("order").to("dynastore:{{example.outbox}}?operation=create");

        // Two branches at a time, each in order. An order that the carrier rejects is redelivered; its branch waits for
        // it.
        from("dynastore:{{example.outbox}}?partitionKeys=" + String.join(",", BRANCHES)
                        + "&concurrentPartitions=2&pageSize=20&resume=table&resumeId=shipping&initialDelay=0&delay=50")
                .routeId(SHIPPING)
                .autoStartup(false)
                .errorHandler(noErrorHandler())
                .process(shipments);
    }
}
