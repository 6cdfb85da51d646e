/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** In README.md, docs/producer.md, docs/coming-from-camel-aws2-ddb.md and on the component's page. */
final class TicketRoutes extends RouteBuilder {

    @Override
    @SuppressWarnings("unchecked") // a payload without payloadType is a Map
    public void configure() {
        from("direct:open-ticket")
                .to("dynastore:tickets?operation=create&partitionKey=customer&ttl=90d")
                .log("${header.CamelDynaStoreSortKey} is at version ${header.CamelDynaStoreVersion}");

        from("direct:close-ticket")
                .setHeader("CamelDynaStoreSortKey", header("ticket"))
                .to("dynastore:tickets?operation=get&partitionKey=customer")
                .process(exchange -> exchange.getMessage().getBody(Map.class).put("status", "closed"))
                .to("dynastore:tickets?operation=update&partitionKey=customer"); // VersionConflictException if changed
    }
}
