/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * One of several nodes that send the mails of a queue. Each mail is claimed by one node at a time. If a node crashes
 * while it sends, another sends the mail after {@code claimTtl}.
 */
final class MailQueueNode extends RouteBuilder {

    private static final String QUEUE = "dynastore:{{example.table}}?partitionKeys=" + MailQueueJob.MAILS
            + "&claim=true&onSuccess=delete&concurrentClaims=4&claimTtl=4s&clockSkew=500ms&consistentRead=false"
            + "&maxDeliveries=4&retryDelay=500ms&retryBackoff=2&deadPartition=" + MailQueueJob.DEAD
            + "&claimIndex=due&claimTableInterval=0&initialDelay=1&delay=100";

    private final String node;

    private MailQueueNode(String node) {
        this.node = node;
    }

    /** Runs until the job ends. The argument is the name of the node. */
    public static void main(String[] args) throws Exception {
        Main program = new Main();
        program.setPropertyPlaceholderLocations("classpath:application.properties");
        program.configure().addRoutesBuilder(new MailQueueNode(args[0]));
        NodeProcess.runUntilJobEnds(program);
    }

    @Override
    public void configure() {
        // The consumer retries a failed mail, and logs it.
        errorHandler(noErrorHandler());

        from(QUEUE)
                .routeId("mails")
                .process(exchange -> report("sends", exchange))
                .delay(150)
                .choice()
                .when(simple("${body[to]} == ''"))
                // No later delivery would help.
                .setHeader(DynaStoreConstants.REJECT, constant(true))
                .otherwise()
                .process(MailQueueNode::send)
                .process(exchange -> report("sent", exchange))
                .end();
    }

    private void report(String what, Exchange exchange) {
        System.out.println(node + " " + what + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.DELIVERY_COUNT));
    }

    /** A mail server that is busy for the first deliveries of some mails. */
    private static void send(Exchange exchange) {
        Map<?, ?> mail = exchange.getMessage().getBody(Map.class);
        long delivery = exchange.getMessage().getHeader(DynaStoreConstants.DELIVERY_COUNT, Long.class);
        if (mail.get("failures") instanceof Number failures && delivery <= failures.longValue()) {
            throw new IllegalStateException("the mail server is busy");
        }
    }
}
