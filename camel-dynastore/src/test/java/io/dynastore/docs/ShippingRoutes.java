/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.RouteBuilder;

/** In docs/consumer.md and on the component's page. */
final class ShippingRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("dynastore:outbox?partitionKeys=north,south&resume=table&resumeId=shipping")
                .to("direct:ship-order"); // the body is the value; key, version, expiry and fields are headers
    }
}
