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
 * <p>The file may be of any size, since everything is bounded: a full queue of the readers delays the splitter, and the
 * throttle delays the readers. The throttle is needed because a dynastore endpoint keeps no thread while it waits for
 * DynamoDB. Without the throttle, a reader would continue with the next line at once, and the number of requests in
 * flight would have no bound.
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
                .process(this::conclude);

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
        report.begin("import", Counter.IMPORTED);
        long lines = exchange.getContext()
                .getTypeConverter()
                .convertTo(Long.class, exchange.getContext().resolvePropertyPlaceholders("{{example.lines}}"));
        exchange.getMessage().setBody(Receipts.open(lines));
    }

    /** Sets the key, and removes the id that the receipt had in another database. */
    private static void name(Exchange exchange) {
        Receipt receipt = Receipt.of(exchange.getMessage().getBody());
        receipt.content().remove("_id");
        exchange.getMessage().setHeader(DynaStoreConstants.PARTITION_KEY, receipt.store());
        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, receipt.monthAndCustomer());
    }

    /** Amounts of money stay exact. The sums would not match if they were doubles. */
    private static JacksonDataFormat json() {
        JacksonDataFormat json = new JacksonDataFormat(LinkedHashMap.class);
        json.enableFeature(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        return json;
    }

    private void conclude(Exchange exchange) {
        report.check(report.get(Counter.IMPORTED) > 0, "receipts were imported");
        report.result(
                "%,d receipts of %d stores in %.1f s, %s",
                report.get(Counter.IMPORTED), report.stores(), report.stepSeconds(), report.rate(Counter.IMPORTED));
    }
}
