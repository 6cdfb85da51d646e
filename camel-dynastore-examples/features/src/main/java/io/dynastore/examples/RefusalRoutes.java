/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Step 5: creates a receipt that is there already, deletes it, and asks for it. Each refusal is an exception of its own, which
 * the routes handle by type.
 */
final class RefusalRoutes extends RouteBuilder {

    private final Report report;

    RefusalRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        onException(KeyExistsException.class, KeyNotFoundException.class)
                .continued(true)
                .process(this::refused);

        from("direct:refusals")
                .routeId("refusals")
                .process(exchange -> report.begin("refusals", Figure.REFUSALS))
                .setHeader(DynaStoreConstants.PARTITION_KEY, simple("{{example.store}}"))
                .to("dynastore:{{example.table}}?operation=list&reverse=true&limit=1")
                // An item as the body brings its key and its value along.
                .process(exchange ->
                        exchange.getMessage().setBody(exchange.getMessage().getBody(Item[].class)[0]))
                .process(RefusalRoutes::keepKey)
                .to("dynastore:{{example.table}}?operation=create")
                .to("dynastore:{{example.table}}?operation=delete")
                .to("dynastore:{{example.table}}?operation=get")
                .process(this::tell);
    }

    /** A get takes no key from the body. */
    private static void keepKey(Exchange exchange) {
        Item item = exchange.getMessage().getBody(Item.class);
        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, item.key().sortKey());
    }

    private void refused(Exchange exchange) {
        Exception refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        report.add(Figure.REFUSALS, 1);
        report.line("  %s: %s", refusal.getClass().getSimpleName(), refusal.getMessage());
    }

    private void tell(Exchange exchange) {
        report.check(report.get(Figure.REFUSALS) == 2, "create and get were refused");
        report.told("create refused, one receipt deleted, get refused");
    }
}
