/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import io.dynastore.store.VersionConflictException;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class LoyaltyRoutes extends RouteBuilder {

    private final Processor addPoints;

    LoyaltyRoutes(Processor addPoints) {
        this.addPoints = addPoints;
    }

    @Override
    public void configure() {
        onException(VersionConflictException.class)
                .maximumRedeliveries(20)
                .redeliveryDelay(20)
                .collisionAvoidancePercent(90)
                .asyncDelayedRedelivery();

        from("direct:add-points").to("direct:add-points-once");

        from("direct:add-points-once")
                .errorHandler(noErrorHandler()) // the conflict returns to the caller, which repeats the whole sub-route
                .to("dynastore:customers?operation=get&partitionKey=customer")
                .process(addPoints)
                .to("dynastore:customers?operation=update&partitionKey=customer");
    }
}
