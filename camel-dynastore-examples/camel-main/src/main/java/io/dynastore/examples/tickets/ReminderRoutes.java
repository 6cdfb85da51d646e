/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.apache.camel.builder.RouteBuilder;

/** A timer that one node runs, however many there are. The cluster service comes from {@code application.properties}. */
public final class ReminderRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("master:tickets:timer:reminder?repeatCount=2")
                .routeId("reminder")
                .log("This node leads, so it is the one that looks for forgotten tickets");
    }
}
