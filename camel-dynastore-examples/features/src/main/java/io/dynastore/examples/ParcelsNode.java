/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** One of several nodes that share the lanes of a warehouse. Each lane has one reader, and keeps its order. */
final class ParcelsNode extends RouteBuilder {

    private final String node;

    private ParcelsNode(String node) {
        this.node = node;
    }

    /** Runs until the job ends. The argument is the name of the node. */
    public static void main(String[] args) throws Exception {
        Main program = new Main();
        program.setPropertyPlaceholderLocations("classpath:application.properties");
        program.configure().addRoutesBuilder(new ParcelsNode(args[0]));
        NodeProcess.runUntilJobEnds(program);
    }

    @Override
    public void configure() {
        from("dynastore:{{example.table}}?partitionKeys=" + ParcelsJob.LANES + "&group=parcels"
                        + "&groupLease=6s&rebalanceInterval=1s&clockSkew=500ms&pageSize=5&concurrentPartitions=12"
                        + "&initialDelay=0&delay=100")
                .routeId("parcels")
                .delay(100)
                .process(this::report);
    }

    private void report(Exchange exchange) {
        System.out.println(node + " " + exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY));
    }
}
