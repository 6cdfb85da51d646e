/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;

/** The aggregation of docs/state.md. */
class LineRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:lines")
                .aggregate(header("orderId"), AggregationStrategies.string(","))
                .aggregationRepository("lines")
                .optimisticLocking()
                .completionSize(3)
                .to("direct:ship");
    }
}
