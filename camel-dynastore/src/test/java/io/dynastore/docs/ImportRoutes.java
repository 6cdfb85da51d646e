/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import org.apache.camel.builder.RouteBuilder;

/** In docs/locks.md and on the component's page. */
final class ImportRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("timer:import?period=60000")
                .to("dynastore:tickets?operation=lock&partitionKey=locks&sortKey=import&lockTtl=30s")
                .to("direct:read-partner")
                .to("dynastore:tickets?operation=update&partitionKey=imports&sortKey=latest"); // fenced
    }
}
