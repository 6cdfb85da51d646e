/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import org.apache.camel.builder.RouteBuilder;

/** Prints the progress of the step once a second. */
final class ProgressRoutes extends RouteBuilder {

    private final Report report;

    ProgressRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        from("timer:progress?period=1000").routeId("progress").process(exchange -> report.progress());
    }
}
