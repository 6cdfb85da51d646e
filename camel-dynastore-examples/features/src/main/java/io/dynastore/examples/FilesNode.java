/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * One of several nodes that import files from the same folder. The node that adds the name of a file to the shared
 * repository has the file. If that node crashes, the name is free after {@code inFlightTtl}, and another node imports
 * the file.
 *
 * <p>Each order has a key of its own, so a file whose import broke off is simply imported once more.
 */
final class FilesNode extends RouteBuilder {

    private final String node;

    private FilesNode(String node) {
        this.node = node;
    }

    /** Runs until the job ends. The argument is the name of the node. */
    public static void main(String[] args) throws Exception {
        Main program = new Main();
        program.setPropertyPlaceholderLocations("classpath:application.properties,classpath:files.properties");
        program.configure().addRoutesBuilder(new FilesNode(args[0]));
        NodeProcess.runUntilJobEnds(program);
    }

    @Override
    public void configure() {
        from("file:{{example.folder}}?readLock=idempotent&idempotentRepository=#imported&move=.done"
                        + "&initialDelay=0&delay=200&maxMessagesPerPoll=1&eagerMaxMessagesPerPoll=false&shuffle=true")
                .routeId("files")
                .process(exchange -> report("begins", exchange))
                .split(body().tokenize("\n"))
                .streaming()
                .stopOnException()
                .process(FilesNode::order)
                .to("dynastore:{{example.table}}?operation=put")
                .delay(10)
                .syncDelayed()
                .filter(exchange -> exchange.getProperty(Exchange.SPLIT_INDEX, 0, Integer.class) == FilesJob.MIDDLE)
                .process(exchange -> report("is-within", exchange))
                .end()
                .end()
                .process(exchange -> report("imported", exchange));
    }

    private void report(String what, Exchange exchange) {
        System.out.println(node + " " + what + " " + exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY));
    }

    private static void order(Exchange exchange) {
        String[] fields = exchange.getMessage().getBody(String.class).trim().split(",", -1);
        exchange.getMessage()
                .setHeader(
                        DynaStoreConstants.PARTITION_KEY, exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY));
        exchange.getMessage()
                .setHeader(
                        DynaStoreConstants.SORT_KEY,
                        String.format(Locale.ROOT, "%6s", fields[0]).replace(' ', '0'));
        exchange.getMessage().setBody(Map.of("order", fields[0], "cents", Long.parseLong(fields[1])));
    }
}
