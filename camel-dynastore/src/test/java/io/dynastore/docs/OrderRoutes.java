/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.RouteBuilder;

/** The route of docs/state.md. */
class OrderRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:orders")
                .idempotentConsumer(header("orderId"))
                .idempotentRepository("processed")
                .to("direct:ship");
    }
}
