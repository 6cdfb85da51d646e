/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class ReminderRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:remind")
                .to("dynastore:tickets?operation=list&partitionKey=customer&stream=true")
                .split(body())
                .streaming()
                .parallelProcessing()
                .to("direct:remind-one"); // its body is an Item
    }
}
