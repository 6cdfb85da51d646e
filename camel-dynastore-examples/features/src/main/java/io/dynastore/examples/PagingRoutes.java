/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Step 3: pages through the receipts of one store. Each list sets the header with the token of the next page, which the
 * next list reads. After the last page the header is absent.
 */
final class PagingRoutes extends RouteBuilder {

    private static final String STORE = "store";
    private static final String SALES = "sales";

    private final Report report;

    PagingRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        from("direct:paging")
                .routeId("paging")
                .process(exchange -> report.begin("paging", Counter.LISTED))
                .setProperty(STORE, simple("{{example.store}}"))
                .setProperty(SALES, constant(Sales.NONE))
                .setHeader(DynaStoreConstants.PARTITION_KEY, exchangeProperty(STORE))
                .to("direct:page")
                .loopDoWhile(header(DynaStoreConstants.NEXT_TOKEN).isNotNull())
                .to("direct:page")
                .end()
                .process(this::conclude);

        from("direct:page")
                .routeId("page")
                .to("dynastore:{{example.table}}?operation=list&limit=100")
                .process(this::add);
    }

    private void add(Exchange exchange) {
        Sales sales = exchange.getProperty(SALES, Sales.class);
        for (Item item : exchange.getMessage().getBody(Item[].class)) {
            sales = sales.plus(Sales.of(Receipt.of(item.payload())));
        }
        exchange.setProperty(SALES, sales);
        report.add(Counter.PAGES, 1);
        report.add(Counter.LISTED, exchange.getMessage().getHeader(DynaStoreConstants.COUNT, Integer.class));
    }

    private void conclude(Exchange exchange) {
        String store = exchange.getProperty(STORE, String.class);
        Sales sales = exchange.getProperty(SALES, Sales.class);
        report.check(sales.sameAs(report.imported(store)), "the receipts listed are the receipts imported");
        report.result(
                "%s has %,d receipts on %d pages, sales %,.2f; imported were %,d, sales %,.2f",
                store,
                sales.receipts(),
                report.get(Counter.PAGES),
                sales.amount(),
                report.imported(store).receipts(),
                report.imported(store).amount());
    }
}
