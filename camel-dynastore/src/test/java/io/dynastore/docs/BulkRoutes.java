/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import io.dynastore.store.BulkOutcomes;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class BulkRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:import-tickets") // the body is an Iterator of Maps, of any length
                .to("dynastore:tickets?operation=createAll&partitionKey=customer&ttl=90d")
                .filter(exchange -> outcomes(exchange).failed() > 0)
                .setBody(exchange -> outcomes(exchange).failures())
                .to("direct:not-imported");
    }

    private static BulkOutcomes outcomes(Exchange exchange) {
        return exchange.getMessage().getHeader("CamelDynaStoreOutcomes", BulkOutcomes.class);
    }
}
