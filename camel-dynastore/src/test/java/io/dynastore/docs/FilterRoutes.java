/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class FilterRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:urgent-tickets")
                .to("dynastore:tickets?operation=list&partitionKey=customer"
                        + "&filter=status=open,priority>=3&fields=priority");
    }
}
