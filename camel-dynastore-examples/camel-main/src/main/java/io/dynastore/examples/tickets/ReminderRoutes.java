/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.apache.camel.builder.RouteBuilder;

/** A timer that runs on one node of the cluster. {@code application.properties} has the cluster service. */
public final class ReminderRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("master:tickets:timer:reminder?repeatCount=2")
                .routeId("reminder")
                .log("This node leads, so it is the one that looks for forgotten tickets");
    }
}
