/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** A timer that runs on one node of the cluster. {@code camel.cluster.dynastore} elects the node. */
@Component
public class ReminderRoutes extends RouteBuilder {

    public ReminderRoutes() {}

    @Override
    public void configure() {
        from("master:tickets:timer:reminder?repeatCount=2")
                .log("This node leads, so it is the one that looks for forgotten tickets");
    }
}
