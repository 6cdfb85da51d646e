/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import com.fasterxml.jackson.databind.DeserializationFeature;
import io.dynastore.camel.DynaStoreConstants;
import java.util.LinkedHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

/**
 * Step 1: reads the receipts line by line and puts each into the store.
 *
 * <p>Everything is bounded, so the file may be of any size: the readers' queue holds up the splitting, and the throttle holds
 * up the readers. The throttle is needed because a dynastore endpoint does not keep a thread while it waits for
 * DynamoDB: without it, a reader would go on with the next line at once, however many requests are under way.
 */
final class ImportRoutes extends RouteBuilder {

    private final Report report;

    ImportRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        from("direct:import")
                .routeId("import")
                .process(this::open)
                .split(body())
                .streaming()
                .parallelProcessing()
                .executorService("readers")
                .stopOnException()
                .filter(simple("${body} contains '\"quarter\" : \"{{example.quarter}}\"'"))
                .to("direct:importReceipt")
                .end()
                .end()
                .process(this::tell);

        from("direct:importReceipt")
                .routeId("import-receipt")
                .throttle(simple("{{example.inFlight}}", Integer.class))
                .concurrentRequestsMode()
                .unmarshal(json())
                .process(ImportRoutes::name)
                .to("dynastore:{{example.table}}?operation=put&returnVersion=false")
                .process(exchange ->
                        report.imported(Receipt.of(exchange.getMessage().getBody())));
    }

    private void open(Exchange exchange) {
        report.begin("import", Figure.IMPORTED);
        long lines = exchange.getContext()
                .getTypeConverter()
                .convertTo(Long.class, exchange.getContext().resolvePropertyPlaceholders("{{example.lines}}"));
        exchange.getMessage().setBody(Receipts.open(lines));
    }

    /** The key; the identity that another database gave the receipt is of no use here. */
    private static void name(Exchange exchange) {
        Receipt receipt = Receipt.of(exchange.getMessage().getBody());
        receipt.content().remove("_id");
        exchange.getMessage().setHeader(DynaStoreConstants.PARTITION_KEY, receipt.store());
        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, receipt.monthAndCustomer());
    }

    /** Amounts of money stay what they are; as doubles they would not add up. */
    private static JacksonDataFormat json() {
        JacksonDataFormat json = new JacksonDataFormat(LinkedHashMap.class);
        json.enableFeature(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        return json;
    }

    private void tell(Exchange exchange) {
        report.check(report.get(Figure.IMPORTED) > 0, "receipts were imported");
        report.told(
                "%,d receipts of %d stores in %.1f s, %s",
                report.get(Figure.IMPORTED), report.stores(), report.stepSeconds(), report.rate(Figure.IMPORTED));
    }
}
