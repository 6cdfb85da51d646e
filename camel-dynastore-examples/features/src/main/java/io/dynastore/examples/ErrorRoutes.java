/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Step 5: creates a receipt that exists already, deletes it, and reads it. Each error is an exception of its own type,
 * by which the routes handle it.
 */
final class ErrorRoutes extends RouteBuilder {

    private final Report report;

    ErrorRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        onException(KeyExistsException.class, KeyNotFoundException.class)
                .continued(true)
                .process(this::failed);

        from("direct:errors")
                .routeId("errors")
                .process(exchange -> report.begin("errors", Counter.ERRORS))
                .setHeader(DynaStoreConstants.PARTITION_KEY, simple("{{example.store}}"))
                .to("dynastore:{{example.table}}?operation=list&reverse=true&limit=1")
                // An item as the body sets both the key and the value.
                .process(exchange ->
                        exchange.getMessage().setBody(exchange.getMessage().getBody(Item[].class)[0]))
                .process(ErrorRoutes::keepKey)
                .to("dynastore:{{example.table}}?operation=create")
                .to("dynastore:{{example.table}}?operation=delete")
                .to("dynastore:{{example.table}}?operation=get")
                .process(this::conclude);
    }

    /** The key for get, which reads no key from the body. */
    private static void keepKey(Exchange exchange) {
        Item item = exchange.getMessage().getBody(Item.class);
        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, item.key().sortKey());
    }

    private void failed(Exchange exchange) {
        Exception error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        report.add(Counter.ERRORS, 1);
        report.line("  %s: %s", error.getClass().getSimpleName(), error.getMessage());
    }

    private void conclude(Exchange exchange) {
        report.check(report.get(Counter.ERRORS) == 2, "create and get failed");
        report.result("create failed (key exists), one receipt deleted, get failed (no such key)");
    }
}
